"""What a sentence says of an event: that it happened, is planned, might be, was not, should be, or was long ago.

Rows are a modality and a sentence with the mention in brackets, or in braces if it is known to be a verb.
Every article is of Friday, 14 February 2025.
"""

import re
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kg.dates import read_dates
from kg.modality import MODALITIES, modality

PUBLISHED = date(2025, 2, 14)

# The rules were written with these in view.
CASES = """
happened      The two leaders [met] in Geneva on Tuesday.
happened      Marta Olsen [visited] the shipyard before flying home.
happened      He was [arrested] at the airport late on Monday.
happened      The [talks] ended without a statement.
happened      Bern hopes to have the [sanctions] lifted.
happened      After a long [meeting] in the capital, the ministers left by train.
happened      The foreign minister, who will retire next year, [met] her Polish counterpart.
happened      Rebels [attacked] the convoy near the border, and the army said it would respond.
happened      The [earthquake] could be felt in three provinces.
happened      She had [signed] the agreement before the vote.
happened      The president has [visited] Kenya twice since taking office.
happened      Police are [investigating] the deaths of two tourists.
happened      The parliament will discuss Sunday's [attack] on the embassy.
happened      Nobody was hurt in the [explosion].
happened      The [war], which no one wanted, has entered its third year.
happened      The two presidents [spoke] by phone and agreed to meet in spring.
happened      Even if the roads were closed, thousands [marched] through the town.
happened      He was not impressed by the [ceremony].
happened      The prime minister, not yet forty, [resigned] on Wednesday.
happened      She called for calm after the [riots] in the harbour district.
happened      The governor demanded an apology for the [raid].
happened      Thousands of people [protested] against the planned dam.
happened      They [met] to discuss what could be done about the drought.
happened      The company has [launched] a service that may compete with banks.
happened      The court [sentenced] him to nine years, although he denied the charges.
happened      The commission [imposed] sanctions on a shipping firm that would not cooperate.
happened      He [won] the election by a margin that no poll had expected.
happened      A [fire] destroyed the market, and officials fear that more could follow.
happened      The minister said the [strike] on the refinery was the worst this year.
happened      Last week's [summit] in Accra brought together nine heads of state.
happened      Iran and Oman [held] talks on Thursday, their first this month.
happened      The will of the late king was read after the [funeral].
happened      The [election] in May 2024 returned her party to power.
happened      "We [discussed] everything," the envoy said.
happened      The team [beat] Ghana and will play Egypt in the final.
happened      The delegation, led by Deputy Premier Tan, [arrived] on Thursday for a visit.
happened      In his speech, the chancellor [condemned] the attack and urged both sides to stop.
happened      The [agreement] signed on Monday would cut tariffs by half.
happened      The prisoners were [moved into an abandoned factory].
happened      The senator, who denied the [accusations], left by a back door.
happened      The mayor [signed a planned decree] in the morning.
happened      The king's [death] would bring back old quarrels, many thought.
happened      The ruling party [lost] its majority, and the premier is now expected to go.
happened      A lorry [hit] a bus that was taking pupils to a match planned for noon.
happened      The two have [spoken] three times since January.
happened      The island [declared] independence without asking anyone.
happened      Nothing could stop the [march] on the capital.
happened      Had it not rained, more people would have come to the [rally].
happened      The [launch] was watched by the minister, who hopes to fly himself one day.
happened      Ministers have been [meeting] in Lyon since Thursday.
happened      The [shooting] left two dead; nobody has been arrested.
happened      If confirmed, the [attack] would be the third this year.
happened      She [testified] that he had never threatened her.
happened      The general [ordered] a retreat so that lives could be saved.
happened      Both [attended] the wedding, though neither spoke.
happened      Despite the [ceasefire], shells kept falling.
happened      Because of the [strike], trains will not run until Monday.
happened      The firm must pay for the [spill] in the bay.
happened      The [riots] should have been a warning, he wrote.
happened      He has been [accused] of planning an attack.
happened      It was the worst [flood] since 1953.
happened      The cabinet [approved] the budget after a night of debate.
happened      A court in Lagos [freed] the editor on bail.
happened      The [drought] has killed half of the herds.
happened      She was [chosen] to lead the union.
happened      The two sides accuse each other of breaking the [truce].
happened      The family wants justice for the [killing].
happened      Firefighters are trying to put out the [blaze].
happened      He will be remembered for the [coup] that brought him to power.
happened      Officials hope the [agreement] will calm the markets.
happened      Police could not say what caused the [explosion].
happened      The [visit] was meant to mend ties.
happened      After the [merger], the bank will have a new name.
happened      The troops, who should have left in June, [shelled] the town.
happened      The pope will pray for the victims of the [earthquake].
happened      The opposition refused to accept the result of the [vote].
happened      The company said it could not comment on the [lawsuit].
happened      Without the king's support, the [revolt] failed.
happened      A plane carrying the coach, who was to take over in May, [crashed] at sea.
happened      It was the minister's first [trip] to the north.
happened      Their [meeting] lasted an hour, and they are to speak again.
happened      Guards [opened] fire on the crowd shortly after noon.
happened      The treaty was [signed] in the presence of both monarchs.
happened      Kim Ha-neul [became] the first woman to lead the bank.
happened      Three hikers [died] when an avalanche came down.
happened      The senator, who is expected to run for governor, [met] farmers in Idaho.
happened      Diplomats said the [negotiations] had been "frank".
happened      The factory [closed] its gates on Thursday and will not reopen.
happened      During the [visit], the queen planted a tree.
happened      As the [storm] moved inland, schools were emptied.
happened      The ambassador was [summoned] to the ministry over the remarks.
happened      The plan was agreed at a [meeting] of the board on Monday.
happened      Hundreds [fled] the fighting in the hills, and more may come.
happened      Even though she had no visa, Petra Novak [travelled] to Minsk.
happened      The [blast] killed four and wounded eleven.
happened      The [crash] that killed the minister should never have happened, his widow said.
happened      The premier [announced] her resignation, saying that she could not go on.
happened      He was [charged] with planning to kidnap a judge.
happened      In a phone [call] on Wednesday the two discussed what would follow the truce.
happened      The club [sacked] its coach after the defeat.
happened      The [earthquake] in January destroyed most of the old town.
happened      The rally, called to demand the release of the poet, [drew] thousands.
happened      The jury [found] him guilty, but he may appeal.
happened      Malawi and Zambia [reopened] their border this week.
happened      The cyclist [won] the stage without much effort.
happened      At the [funeral], nobody spoke of politics.
happened      The company, which had planned to expand, [cut] two thousand jobs.
happened      The commander said that his men had [captured] the bridge.
happened      The [protests] began when the price of bread doubled.
happened      The [inquiry] has heard forty witnesses so far.
happened      Lawmakers [approved] a bill that would ban the party.
happened      While officials wanted to wait, the rescuers [entered] the mine.
happened      The ministers [agreed] that there must be an end to the killing.
happened      The prince and his wife are [touring] the north of the island.
happened      A day after the [coup], the airport was shut.
happened      Rangers [found] the climber alive on the second day.
happened      The studio [bought] the rights to the novel, which may become a film.
happened      The [handshake] at the summit took everyone by surprise.
happened      Lebanon [expelled] two envoys on Thursday for what it called meddling.
happened      The [flood] swept away a bridge that had just been rebuilt.
happened      It was not the minister but her deputy who [opened] the fair.
happened      Ten thousand people [signed] a petition to save the theatre.
happened      The [ban], in force since Monday, affects two ports.
happened      The striker [scored] twice, and his team will now face Chile.
happened      The [purge] of the army has shocked those who hoped for reform.
happened      Both governments [recalled] their ambassadors.
happened      The prince [wed] his long-time partner at a small chapel.
happened      A [blackout] hit the capital as voters queued.
happened      The ministers [parted] without shaking hands.
happened      The poet was [awarded] the prize for her latest book.
happened      An official who asked not to be named confirmed the [raid].
happened      The president used the [summit] to ask for more money.
happened      The exile [returned] home to a hero's welcome.
happened      The [collapse] of the bank is being studied by three committees.
happened      When he [heard] the verdict, he wept.
planned       The chancellor will [travel] to Ankara on Monday.
planned       The two sides are due to [meet] again in Doha.
planned       Officials in Lima are preparing for a [meeting] with the Chilean president.
planned       The king plans to [visit] Portugal in the autumn.
planned       Next week's [summit] is the first in a decade.
planned       Maria Lopez is expected to [visit] the flooded villages.
planned       The [talks] are scheduled for March 3.
planned       The [conference], to be held in Nairobi, has drawn much interest.
planned       The minister cut short her holiday ahead of the [summit].
planned       Ahead of his planned [visit], the roads were swept.
planned       He is going to [sign] the treaty in The Hague.
planned       The secretary is set to [meet] his counterparts in Jakarta.
planned       They agreed to [hold] a second round of talks.
planned       The upcoming [election] has divided the party.
planned       The two armies will hold joint [exercises] in the bay.
planned       The [trial] will begin in April.
planned       A [meeting] between the two men will take place in Riyadh.
planned       The pope intends to [travel] to Beirut.
planned       Brazil is to [host] the games in two years.
planned       He announced that he would [step down] in June.
planned       The bank will [launch] its own currency later this year.
planned       The president said he would [meet] the protesters tomorrow.
planned       The envoy is on his way to [talks] in Muscat.
planned       The prime minister is [visiting] Tokyo next month.
planned       The city is getting ready for the [festival].
planned       Poland's president will fly to Rome to [meet] the pope.
planned       The singer will tour Europe and [perform] in Oslo.
planned       The [visit] is planned for early spring.
planned       Voters go to the polls on Sunday in an [election] that will decide his future.
planned       Arrangements for the [summit] have been made.
planned       The ministers will attend a [ceremony] at the monument.
planned       The court is expected to hand down its [verdict] on Friday.
planned       Both countries have promised to [sign] the accord.
planned       We'll [meet] them in Brussels next Tuesday.
planned       The company is to [lay off two hundred workers].
planned       The regiment will be [named after a nurse].
planned       After the summer the two will hold a second [meeting].
planned       Her lawyer said the [appeal] would be filed next week.
planned       Peru is the next stop on a [tour] that will take him to six countries.
planned       The Queen is preparing to [open] parliament.
planned       He has been invited to [speak] at the congress in May.
planned       The next World [Cup] is in three years.
planned       On Monday the court will [hear] the case.
planned       Ticket sales have begun for this summer's [festival].
planned       Work on the [exhibition], which opens in March, is nearly done.
planned       Three ministers will travel to Madrid, meet the king and [sign] a treaty.
planned       The two are planning another [meeting].
planned       Tomorrow's [hearing] is the first of many.
planned       He's going to {run} for mayor.
planned       The deputy will be [sworn in] on Sunday.
planned       Her successor takes office after the [election] next month.
planned       The envoys, who arrived on Tuesday, will later [visit] the camps.
planned       The rocket is expected to be [launched] from French Guiana.
planned       The assembly will vote on the bill and then [elect] a speaker.
planned       The mayor is looking forward to the [opening] of the bridge.
planned       His [retirement] takes effect next month.
planned       The sisters will [compete] against each other for the first time.
planned       The duke and duchess are to make a three-day [visit] to Belize.
planned       Organisers expect 500 guests at Saturday's [gala].
planned       Two thousand delegates are expected at the [congress] in Quito next week.
planned       The government will soon [introduce] a tax on sugar.
planned       The jury will begin its [deliberations] on Monday.
planned       The pair plan to hold [talks] on fishing rights.
planned       The [launch], scheduled for Tuesday, has drawn crowds.
planned       The ship is about to [leave] for the Arctic.
planned       The Dutch prime minister will be [received] at the palace on Saturday.
planned       The rivals are to [debate] each other on television.
planned       Preparations are under way for the [wedding] of the crown prince.
planned       The countries have agreed on a [meeting] of experts in May.
planned       Her [trip] to Dakar, due to start on Sunday, will last four days.
planned       The space agency aims to [launch] the probe in 2027.
planned       The forthcoming [talks] are a chance for both, the envoy said.
planned       A [referendum] is to be held before the end of the year.
planned       Delegates are gathering for the [congress], which opens tomorrow.
planned       He will leave for Astana, where he will [address] parliament.
planned       The exchange will [merge] with its Swiss rival by the summer.
planned       The generals pledged to [hand over] power within a year.
planned       The captain is scheduled to [appear] in court on February 20.
planned       Workers said they would [walk out] on Monday.
planned       The premier is flying to Washington for [talks] with bankers.
planned       The next [round] of negotiations opens in Tashkent.
planned       A state [visit] is being prepared.
planned       They have invited reporters to the [signing] next Thursday.
planned       Voters will choose a new parliament in an [election] set for June.
planned       Vietnam is preparing to [send] a team to the islands.
planned       The leaders will shake hands and [sign] a declaration.
planned       The [strike] is due to last until Monday.
planned       The [festival] returns in August with forty bands.
planned       He has decided to [resign] at the end of the month.
planned       The [inauguration] is on Tuesday and will be shown live.
planned       The archbishop confirmed that the pope would [visit] Lourdes.
planned       France and Italy plan a joint [exercise] off Corsica.
planned       The [hearing] was postponed until next month.
planned       The chancellor heads to Warsaw on Monday for [talks] on gas.
planned       Turkmenistan will play host to the [games] for the first time.
planned       The pair will [marry] in a castle by the lake.
planned       The minister has agreed to be [questioned] by the committee.
planned       A third [round] of voting is scheduled for late April.
planned       Workers at the port plan to [walk out] at midnight.
planned       The admiral is due to [retire] in the spring.
planned       Rivals are preparing for the [election] by merging.
planned       Leaders will gather in Lisbon tomorrow to [sign] the charter.
planned       The countries intend to [exchange] prisoners before Easter.
planned       The judge will hand down a [sentence] at the end of the month.
planned       Construction firms are waiting for the [auction], now set for May.
hypothetical  The two leaders could [meet] in the summer.
hypothetical  If the army [attacks] the city, thousands will flee.
hypothetical  He would [meet] the general only in the presence of a judge.
hypothetical  The president may [visit] the region.
hypothetical  The group threatened to [attack] the pipeline.
hypothetical  A possible [meeting] between the two was mentioned.
hypothetical  The minister is considering a [visit] to Seoul.
hypothetical  Analysts fear a [war] between the neighbours.
hypothetical  There is talk of a [summit] in Vienna.
hypothetical  Fears of an [invasion] have grown.
hypothetical  She might have to [resign].
hypothetical  Unless a deal is found, the union will [strike].
hypothetical  The king is ready to [host] the negotiations.
hypothetical  The mayor hopes to [meet] the investors.
hypothetical  The [meeting] may take place in Cairo.
hypothetical  Washington threatened [sanctions] against the port operator.
hypothetical  He said he was willing to [talk] to the rebels.
hypothetical  The two discussed the possibility of a [ceasefire].
hypothetical  The country risks another [election].
hypothetical  It is unclear whether the two ministers [met].
hypothetical  The envoy proposed [talks] in Geneva.
hypothetical  A potential [invasion] of the island worries shipping firms.
hypothetical  The senator wants to [visit] the prison.
hypothetical  Turkey offered to [host] a meeting.
hypothetical  A new [war] would ruin both economies.
hypothetical  The woman might have been [strangled].
hypothetical  He told them that he wanted to [give his son a post].
hypothetical  It could be the first [visit] by a pope to the country.
hypothetical  A fresh [attack] on the town is possible.
hypothetical  The ministry said talks might be [held] in Oslo.
hypothetical  The shareholders are to vote on whether to [sell] the firm.
hypothetical  He has not decided whether to [run].
hypothetical  A vote of no confidence would [topple] the cabinet.
hypothetical  The threat of a general [strike] hangs over the island.
hypothetical  He'd be [arrested] if he went home.
hypothetical  The bank is considering [closing] forty branches.
hypothetical  Rumours of a [wedding] were in all the papers.
hypothetical  Any [attack] on the island would be answered, he said.
hypothetical  They are trying to [form] a government.
hypothetical  The club is in talks to [buy] the striker.
hypothetical  The two could hold [talks] on the margins.
hypothetical  The chief may be [charged] with fraud.
hypothetical  A [deal] could be reached within days.
hypothetical  Some expect her to [resign].
hypothetical  The club would not rule out a [sale].
hypothetical  It is not clear if the two [spoke].
hypothetical  The [invasion], if it comes, will be swift.
hypothetical  The minister suggested a [meeting] in spring.
hypothetical  The army is capable of [attacking] at any time.
hypothetical  A strike on the dam could [kill] thousands.
hypothetical  Perhaps the two will [meet] one day.
hypothetical  He warned of a new [war] in the highlands.
hypothetical  If no deal is reached, [elections] will follow.
hypothetical  Talk of a [merger] sent the shares up.
hypothetical  The island would be [invaded] within days, the study says.
hypothetical  She is open to [talks], her office said.
hypothetical  The general did not exclude an [attack].
hypothetical  The two are likely to [meet] on the sidelines.
hypothetical  The proposed [merger] has upset the unions.
hypothetical  The union has threatened a [strike] for next week.
hypothetical  Mediators are trying to arrange a [meeting].
hypothetical  The chances of a [truce] are slim.
hypothetical  In the event of an [attack], citizens are told to stay inside.
hypothetical  Were he to [resign], his deputy would step in.
hypothetical  The firm might [sue] the city.
hypothetical  The governor toyed with the idea of a [visit].
hypothetical  He would like to [see] the president.
hypothetical  Officials weighed an [evacuation] of the valley.
hypothetical  The minister could be [sacked] over the affair.
hypothetical  A [coup] cannot be excluded, the report says.
hypothetical  The allies may yet [send] planes.
hypothetical  The premier says he is ready for [talks].
hypothetical  The firm could be [fined] up to a tenth of its sales.
hypothetical  The governor has hinted that she might [run].
hypothetical  The rebels threatened to [kill] the hostages.
hypothetical  The ministry fears an [outbreak] of cholera.
hypothetical  The commission may [order] a recount.
hypothetical  A possible [coup] is on everyone's lips.
hypothetical  The bank might be [sold] to a rival.
hypothetical  If the parties cannot agree, the king will call [elections].
denied        The two ministers did not [meet].
denied        Her government was not [invited].
denied        The family denied that he was [arrested].
denied        No [talks] took place over the weekend.
denied        The [summit] was cancelled because of the storm.
denied        The parties failed to [agree] on a budget.
denied        The minister refused to [meet] the delegation.
denied        The general said he will not [attend] the parade.
denied        He never [visited] the island.
denied        The cancelled [visit] has angered the hosts.
denied        The prime minister has ruled out [talks] with the militia.
denied        The spokesman denied any [meeting] with the banker.
denied        The company hasn't [launched] the satellite yet.
denied        Neither side [signed] the paper.
denied        They left without [signing] the accord.
denied        The court rejected the claim that the army [attacked] the village.
denied        There was no [attack] on the airport, officials said.
denied        The [visit] was called off.
denied        The president won't [meet] the envoy.
denied        The [meeting] did not take place.
denied        The two could not [agree] on a venue.
denied        Plans for a [summit] were abandoned.
denied        She has not been [charged with any crime].
denied        The two men have never [met].
denied        The rebels have rejected [talks].
denied        No one was [arrested].
denied        There were no [arrests].
denied        The president is not [going] to the summit.
denied        The ministry said the [attack] never happened.
denied        None of the three was [charged].
denied        The police could not [stop] the march.
denied        The Turkish leader did not come, nor did he [call].
denied        He dismissed talk of a [resignation].
denied        The [match] has been called off.
denied        The minister left before he could be [questioned].
denied        The planned [sale] fell through.
denied        Brazil decided not to [send] a team.
denied        They do not want to [sign] the paper.
denied        The ambassador was not [received] by the king.
denied        The two leaders have not [spoken] since.
denied        The rally ended without a [clash].
denied        The talks broke up without an [agreement].
denied        He has yet to [visit] the site.
denied        He could not be [reached] by phone.
denied        The minister has not been [sacked], her office said.
denied        Neither of them [attended].
denied        The team pulled out of the [match].
denied        The president never [spoke] to the reporter.
denied        The army has not [entered] the city.
denied        The airline said there had been no [crash].
denied        The concert was scrapped, and the [tour] will not go ahead.
denied        Police rejected reports that the actor had been [detained].
denied        The rebels declined to [take part].
denied        Officials dismissed as false the claim of a [coup].
denied        The duke stayed away and was not [seen] at the service.
denied        The shuttle did not [reach] orbit.
denied        The government has no plans to [meet] the union.
denied        The boycott means that no [match] will be played.
denied        He isn't [visiting] Israel, his aide said.
denied        Nobody [signed] the petition.
denied        The judge blocked the [deportation] of the student.
denied        A [deal] has yet to be reached.
denied        She avoided [meeting] the press.
denied        The scheduled [launch] was aborted.
denied        The allies were unable to [agree] on a common line.
denied        The envoy denied having [met] the smuggler.
denied        The chairman denied that the firm had [bribed] anyone.
denied        The two did not [shake] hands.
denied        The government will not [extend] the truce.
denied        There has been no [contact] between the two since then.
denied        Parliament refused to [ratify] the pact.
denied        Not one of the suspects was [convicted].
denied        The [concert] was cancelled hours before the doors opened.
denied        He has never been [arrested], his lawyer insists.
denied        The singer will no longer [perform] at the gala.
denied        The army said that it had not [bombed] the hospital.
demanded      The council called for a [cease-fire].
demanded      She urged the junta to [release] the journalists.
demanded      The opposition demanded the [resignation] of the minister.
demanded      The [sanctions] must be lifted, he said.
demanded      Both sides should [meet] without delay.
demanded      Protesters are calling on the mayor to [resign].
demanded      The families want the commander to be [arrested].
demanded      He asked the judge to [release] his client.
demanded      The union demands that the firm [pay] the workers.
demanded      Ministers appealed for an immediate [truce].
demanded      The bishop insisted on an [investigation].
demanded      The ambassador was told to [leave] the country.
demanded      The United Nations called on Mali to [hold] elections.
demanded      The prosecutor is seeking a [sentence] of ten years.
demanded      Europe needs to [impose] tougher sanctions, the minister argued.
demanded      There should be an independent [inquiry], the widow said.
demanded      The judge must [step down], the paper said.
demanded      Activists want the dam to be [closed].
demanded      The party called on the speaker to [resign].
demanded      "Stop the [war]!" the crowd chanted.
demanded      "We demand the immediate [release] of our colleagues," they wrote.
demanded      The bloc threatened nothing but insisted that the troops {withdraw} from the valley.
demanded      He pressed the two sides for a [truce].
demanded      The crowd shouted for the minister to [go].
demanded      The chair asked that the vote be [held] again.
demanded      Norway's envoy appealed to the fighters to [lay down] their arms.
demanded      It is time for an [election], she said.
demanded      They want the [sanctions] lifted.
demanded      The prime minister was urged to [call] an election.
demanded      The report says that the chief should be [sacked].
demanded      Voters demand a [recount].
demanded      The envoy insisted that there be a [truce].
demanded      The court must [hear] the case, lawyers argue.
demanded      Unions called a day of action to demand the [withdrawal] of the bill.
demanded      Amnesty urged an [investigation] into the deaths.
demanded      The pope pleaded for an [end] to the bombing.
demanded      The deputy ought to [apologise], the paper wrote.
demanded      Tens of thousands marched to demand new [elections].
demanded      He called for the general to be [tried] in The Hague.
demanded      The trade body pressed Japan to [open] its market.
demanded      The kidnappers must [free] the hostages now, the minister said.
demanded      Farmers have been asking the government to [lift] the tariffs.
demanded      The committee recommended an [evacuation] of the villages.
demanded      Kyiv wants more [sanctions] against the bank.
demanded      The appeal for a [ceasefire] went unheard.
demanded      The court ordered the firm to [pay] the widow.
demanded      The mother begged the soldiers to [release] her son.
demanded      The time has come to [stop] the bombing, the bishop said.
demanded      Calls for a [boycott] of the games are growing.
demanded      The parents are calling for an [inquiry].
demanded      The general should be [put] on trial, the group says.
demanded      The council urged both sides to [resume] talks.
demanded      The crowd demanded that the mayor {step down}.
demanded      Ireland called on the bloc to [lift] the embargo.
demanded      The company must [compensate] the fishermen, the judge said.
demanded      Neighbours have asked the council to [close] the plant.
demanded      Relatives want a public [apology].
demanded      The premier asked for an urgent [meeting] with the bankers.
historical    The two countries went to [war] in 1993.
historical    His father died in World War II, in the [battle] for the port.
historical    Two decades ago, the leaders [signed] a pact here.
historical    Then-president Otto Brandt [visited] the plant.
historical    The [treaty] signed in 1978 still holds.
historical    The 1986 [disaster] at the plant changed everything.
historical    In July 2019, she was [elected] head of the party.
historical    He was [arrested] ten years ago.
historical    Since the [revolution] of 1979, the two have had no ties.
historical    The [flood] happened in the last century.
historical    During the Cold War, the two sides [met] in secret.
historical    The club [won] the cup in 2011 and again in 2014.
historical    Three years ago the firm [launched] its first rocket.
historical    Decades earlier, her uncle had [resigned] from the same post.
historical    As long ago as 1850, settlers had [burned] the village.
historical    The two clubs last [met] in 2015.
historical    Her mother was [deported] during the Second World War.
historical    In 2003, the company had [bought] its rival.
historical    Last century's two [wars] took the lives of all his uncles.
historical    The [assassination] of the archduke in June 1914 began it all.
historical    A veteran of the Korean [War] carried the flag.
historical    He [served] as minister from 1998 to 2002.
historical    On this day in 1965, the tunnel was [opened].
historical    In the 1980s, his father [founded] the party.
historical    The two armies clashed in 1967 and again in 1973, when the [war] lasted 19 days.
historical    Since winning the [election] in 2010, he has ruled alone.
historical    Years ago, she had [sued] the same paper.
historical    The 2004 [tsunami] killed her parents.
historical    He was a boy when the [war] broke out in 1939.
historical    The tower, built after the great [fire] of 1666, still stands.
historical    The bridge was [bombed] in 1944.
historical    The [partition] of 1947 split the family.
historical    Half a century ago, a dictator [ruled] from this palace.
historical    In the 1990s, the two clubs [met] often.
historical    The former champion [won] his only medal at the 1996 Olympics.
historical    She [married] the prince in April 2011.
historical    The last such [visit] was made in 2008.
historical    In the nineteenth century the tribe [fought] the settlers.
historical    He [fled] the country after the 1973 coup.
historical    The company was [founded] more than a hundred years ago.
historical    The 2015 nuclear [agreement] limited the enrichment of uranium.
historical    Several years earlier, the same judge had [freed] him.
historical    The then prime minister [opened] the dam.
historical    The province was [annexed] in 1910.
historical    In October 1987 the market [crashed].
historical    His grandfather had [fought] in the First World War.
historical    Nine years ago he [lost] his first race for the senate.
historical    The [uprising] of 1956 was crushed in days.
historical    The temple was [destroyed] by an earthquake in the 17th century.
historical    The 2008 financial [crisis] taught them to be careful.
historical    It was here that the two kings [met] in 1520.
"""

# Not looked at while the rules were made: only the share that is right is measured.
KEPT_BACK = """
happened      The two foreign ministers [shook] hands for the cameras.
happened      Soldiers [seized] the television station before dawn.
happened      The bishop, who had hoped to stay until Easter, [left] on Sunday.
happened      A cyclone [struck] the coast, and aid workers warn that cholera could spread.
happened      The [verdict] was read out in a packed room.
happened      More than forty states [took part] in the drill.
happened      Fiji's prime minister [welcomed] the envoys at the airport.
happened      The [accident] closed the road for hours.
happened      He was [re-elected] with two thirds of the vote.
happened      The [dispute] over the islands has lasted for months.
happened      Judges [threw out] the case because no witness would speak.
happened      The author [died] at her home, aged 88.
happened      The hosts [drew] with Peru, so they must win their last game.
happened      The [congress] elected a new chair on Thursday.
happened      The minister was in Paris for a [conference] on water.
happened      The two leaders [exchanged] gifts and said they wanted to meet more often.
happened      The king [opened] parliament with a speech on what should be done for farmers.
happened      The airline [grounded] its fleet as a precaution.
planned       The opposition will [hold] its own rally on Saturday.
planned       Belgium is to [send] twenty trucks.
planned       A delegation will travel to Harare to [inspect] the mine.
planned       The premier is scheduled to [address] the nation at eight.
planned       The pianist will give a [concert] in Prague.
planned       The upcoming [census] is the first in years.
planned       The museum plans an [exhibition] of her works.
planned       The leaders are expected to [discuss] trade when they meet.
planned       The [tournament] starts on March 1 in Doha.
planned       He told staff he would [leave] in the summer.
planned       The Senate is to hold a [hearing] on the matter.
planned       The ministers agreed to [set up] a joint fund.
planned       The parade will be [held] despite the rain.
planned       Jamaica is getting ready to [celebrate] its independence.
planned       Next month the court [hears] the appeal.
hypothetical  An agreement may be [signed] this week.
hypothetical  A [strike] by pilots would cripple the airline.
hypothetical  The minister might [resign] over the leak.
hypothetical  The possibility of a [boycott] has been raised by several clubs.
hypothetical  He would be [expelled] from the party if the claims were true.
hypothetical  Farmers are threatening to [block] the motorway.
hypothetical  The president could [dissolve] parliament.
hypothetical  Sweden has offered to [mediate] in the dispute.
hypothetical  There are fears of a new [epidemic].
hypothetical  The two sides are considering a [swap] of prisoners.
hypothetical  The film-maker dreams of [shooting] a film in space.
denied        The leaders did not [discuss] the islands.
denied        Moldova has not [joined] the sanctions.
denied        The president denied [having] an affair.
denied        The referee did not [see] the foul.
denied        The [marathon] was cancelled after the attack.
denied        No [agreement] was reached.
denied        The witness failed to [appear].
denied        The firm said there was never any [offer].
denied        The players refused to [board] the plane.
denied        Officials couldn't [confirm] the deaths.
demanded      Campaigners called for the [closure] of the camp.
demanded      The pope urged the two sides to [lay down] their weapons.
demanded      The law must be [changed], the union said.
demanded      The tribunal ordered the state to [return] the land.
demanded      Students are demanding the [dismissal] of the rector.
demanded      The government should [apologise] to the victims.
demanded      The crowd called on him to [quit].
demanded      The mayor asked residents to [leave] their homes.
historical    The city [fell] in 1453.
historical    In the 1970s the firm [built] cars.
historical    She [became] a judge in 2001.
historical    A century ago, the first [flight] over the pole was made.
historical    The 1994 [genocide] is remembered each spring.
historical    During the Second World War, the family [hid] in a barn.
"""


def rows(table: str) -> list[tuple[str, str]]:
    """Return the sentence and the modality of each row."""
    return [(line.split(maxsplit=1)[1], line.split()[0]) for line in table.strip().splitlines()]


def read(marked: str, published: date | None = PUBLISHED) -> tuple[str, str | None]:
    """Return what `modality` says of the mention that stands in brackets."""
    before, mention, after = re.split(r"[\[\]{}]", marked)
    text, span = before + mention + after, (len(before), len(before + mention))
    return modality(text, span, (0, len(text)), verb=True if "{" in marked else None, dates=read_dates(text, published))


@pytest.mark.parametrize(("marked", "value"), rows(CASES))
def test_a_sentence_tells_the_modality_of_an_event(marked, value):
    assert read(marked)[0] == value


def test_most_of_the_cases_kept_back_are_right():
    kept_back = rows(KEPT_BACK)
    right = sum(read(marked)[0] == value for marked, value in kept_back)
    assert right / len(kept_back) >= 0.9


# The words that decided are those of the text.
CUES = [
    ("The King Will [travel] to Oman.", ("planned", "Will")),
    ("They didn’t [meet].", ("denied", "didn’t")),
    ("Next week’s [summit] is the first.", ("planned", "Next week’s")),
    ("She called for an immediate [truce].", ("demanded", "called for")),
    ("The [talks], to be held in Oslo, are the third.", ("planned", "to be held")),
    ("They went to [war] in 1993.", ("historical", "in 1993")),
    ("They [met] twice.", ("happened", None)),
]


@pytest.mark.parametrize(("marked", "said"), CUES)
def test_the_cue_is_told_in_the_words_of_the_text(marked, said):
    assert read(marked) == said


# Without the day of the article: only what is dated well before the rest of the text is history.
UNDATED = [
    ("He was [arrested] on May 3, 2024, twenty years after he fled in 2004.", "happened"),
    ("He was arrested on May 3, 2024, years after he [fled] in 2004.", "historical"),
    ("He [fled] in 2004.", "happened"),
    ("Next week's [summit] is the first.", "planned"),
    ("They [met] on Friday.", "happened"),
]


@pytest.mark.parametrize(("marked", "value"), UNDATED)
def test_an_article_without_a_day_is_read_by_the_years_it_names(marked, value):
    assert read(marked, published=None)[0] == value


def test_without_dates_the_words_alone_decide():
    text = "They met in 1993 and will meet again."
    assert [modality(text, span, (0, len(text)))[0] for span in ((5, 8), (26, 30))] == ["happened", "planned"]


def test_it_helps_to_know_that_a_mention_is_a_verb():
    text = "Should the rebels attack, the government will respond."
    assert [modality(text, (18, 24), (0, len(text)), verb=verb)[0] for verb in (True, None)] == [
        "hypothetical",
        "happened",
    ]


def test_another_sentence_says_nothing():
    text = "He will not come. They met."
    assert modality(text, (23, 26), (18, 27)) == ("happened", None)


FAULTS = [
    ("The band has announced a farewell [tour].", "planned"),  # but an announced deal has been made
    ("The exhibition will run until the [festival] in August.", "planned"),  # which August is not known
    ("The [closure] of the strait would send prices up.", "hypothetical"),  # but a known event can have results to come
    ("It remains to be seen whether the [truce] will hold.", "hypothetical"),  # that there is one is not in doubt
    ("Hopes for a [truce] collapsed.", "denied"),  # the hopes did, not the truce
    ("The [wedding] was put off and then cancelled.", "denied"),  # the first of two verbs counts
    ("The siege of Leningrad, in which a million [died], is taught at school.", "historical"),  # one must know when
    ("Mexico offered its capital as a venue for [talks].", "hypothetical"),  # too far from what is offered
    ("No [attack] on the island has been as deadly.", "happened"),  # "no" compares
]


@pytest.mark.parametrize(
    ("marked", "value"),
    [pytest.param(*row, marks=pytest.mark.xfail(reason="a known fault of the cues", strict=False)) for row in FAULTS],
)
def test_known_faults(marked, value):
    assert read(marked)[0] == value


@given(st.text(alphabet="iİß’'–,. \"willnotmeetif()", min_size=1, max_size=60), st.data())
def test_any_text_has_a_modality(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assume(text[start:end].strip())
    assert modality(text, (start, end), (0, len(text)), dates=read_dates(text, PUBLISHED))[0] in MODALITIES
