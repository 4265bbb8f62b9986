"""Files are whole and new, or as they were."""

import gzip
import os
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import networkx as nx
import pytest
from golden.graph import backwards, small_graph

from kg import formats
from kg.errors import CannotWrite, InvalidBase, MissingExtra, UnknownFormat
from kg.formats import FORMATS, Format, check_target, known, write, write_all
from kg.formats.text import clean

GOLDEN = Path(__file__).parent / "golden"


WRITTEN = ("ttl", "graphml")  # what most tests of files as such write
TEXTS = [
    name for name in FORMATS if name not in ("parquet", "html")
]  # these hold what pyarrow or the page's build makes


@pytest.fixture
def folder(tmp_path):
    """A folder that holds a file of some formats, from an earlier run."""
    for name in WRITTEN:
        (tmp_path / f"kg.{name}").write_text(f"old {name}")
    return tmp_path


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", TEXTS)
def test_a_file_is_the_golden_one_to_the_byte(name, tmp_path):
    for path in write_all(small_graph(), tmp_path, [name], profile="full"):
        assert path.read_bytes() == (GOLDEN / path.relative_to(tmp_path)).read_bytes()


@pytest.mark.parametrize("name", FORMATS)
def test_the_order_of_insertion_leaves_no_trace(name, tmp_path):
    write_all(small_graph(), tmp_path / "there", [name], profile="full")
    write_all(backwards(small_graph()), tmp_path / "back", [name], profile="full")
    assert contents(tmp_path / "there") == contents(tmp_path / "back")


def test_a_compressed_file_has_neither_name_nor_time_and_holds_the_same(tmp_path):
    one, two = (write(small_graph(), tmp_path / name) for name in ("one.nt.gz", "two.NT.GZ"))
    assert one.read_bytes() == two.read_bytes()
    assert gzip.decompress(one.read_bytes()) == write(small_graph(), tmp_path / "three.nt").read_bytes()


@pytest.mark.parametrize("format", ["parquet.gz", "neo4j.gz", "gz", "ttl.gz.gz"])
def test_what_gzip_is_no_use_for_is_refused(format, tmp_path):
    with pytest.raises(UnknownFormat):
        write_all(small_graph(), tmp_path, [format])


def test_a_file_of_several_is_named_after_what_it_holds(tmp_path):
    assert write(small_graph(), tmp_path / "seed.csv") == tmp_path / "seed.nodes.csv"
    assert sorted(contents(tmp_path)) == ["seed.edges.csv", "seed.nodes.csv"]


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A package that adds formats, as pip leaves one: a module, and a folder with the metadata beside it."""
    site = tmp_path / "site"
    metadata = site / "kg_counting-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: kg-counting\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(
        "[kg.formats]\ncount = kg_counting:COUNT\nttl = kg_counting:COUNT\n"
        "broken = kg_counting:MISSING\nodd = kg_counting:write\n"
    )
    (site / "kg_counting.py").write_text(
        textwrap.dedent("""
            from kg.formats import Format

            def write(listing, out, settings):
                out.write(f"{len(list(listing.links()))} links in {settings.profile}".encode())

            COUNT = Format("how many", {".count.txt": write, ".again.txt": "kg_counting:write"})
        """)
    )
    monkeypatch.syspath_prepend(str(site))
    yield site
    sys.modules.pop("kg_counting", None)


def test_another_package_adds_a_format_by_an_entry_point(installed, tmp_path):
    assert known() == [*FORMATS, "broken", "count", "odd"]
    paths = write_all(small_graph(), tmp_path / "out", ["count", "ttl"])
    assert [path.name for path in paths] == ["kg.count.txt", "kg.again.txt", "kg.ttl"]
    assert paths[0].read_text() == paths[1].read_text() == "3 links in evidence"
    assert b"schema:name" in paths[2].read_bytes()
    packed = write_all(small_graph(), tmp_path / "out", ["count.gz"])[0]
    assert gzip.decompress(packed.read_bytes()) == b"3 links in evidence"


def test_the_command_line_knows_the_formats_of_other_packages(installed, tmp_path):
    graph = write(small_graph(), tmp_path / "kg.json")
    command = [sys.executable, "-m", "kg", "export", str(graph), "-o", str(tmp_path / "out"), "-f", "count"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, sys.path))}
    subprocess.run(command, check=True, capture_output=True, env=environment)
    assert (tmp_path / "out" / "kg.count.txt").read_text() == "3 links in evidence"


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("broken", r"the format 'broken' cannot be loaded from kg_counting:MISSING \(AttributeError"),
        ("odd", "kg_counting:write, named as the format 'odd', is no kg.formats.Format"),
        ("nothing", "choose one of ttl, nt, .*, broken, count, odd"),
    ],
)
def test_a_faulty_format_of_another_package_is_refused_and_harms_no_other(name, error, installed, tmp_path):
    with pytest.raises(UnknownFormat, match=error):
        write_all(small_graph(), tmp_path / "out", ["ttl", name])
    assert contents(tmp_path / "out") == {}
    write_all(small_graph(), tmp_path / "out", ["ttl"])


def test_what_a_format_needs_is_said_before_the_long_work(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.delitem(sys.modules, "kg.formats.parquet", raising=False)
    with pytest.raises(MissingExtra, match=r'pip install "kg\[parquet\]"'):
        check_target(tmp_path, ["parquet"])


def test_the_hash_seed_leaves_no_trace(tmp_path):
    program = (
        "from golden.graph import *; from kg.formats import *; write_all(small_graph(), {!r}, FORMATS, profile='full')"
    )
    for seed in "12":
        command = [sys.executable, "-c", program.format(str(tmp_path / seed))]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(map(str, sys.path))}
        subprocess.run(command, env=environment, check=True, cwd=GOLDEN.parent)
    assert contents(tmp_path / "1") == contents(tmp_path / "2")


@pytest.mark.parametrize("name", FORMATS)
def test_a_writer_leaves_the_graph_as_it_was(name, tmp_path):
    graph = small_graph()
    write_all(graph, tmp_path, [name], profile="full")
    assert nx.utils.graphs_equal(graph, small_graph())
    assert graph.graph == small_graph().graph


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("profile", ["core", "evidence", "full"])
@pytest.mark.parametrize("graph", [nx.Graph(), nx.Graph([("a", "b")])], ids=["empty", "bare"])
def test_a_graph_without_attributes_is_written(name, profile, graph, tmp_path):
    assert all(path.stat().st_size > 0 for path in write_all(graph, tmp_path, [name], profile=profile))


def test_all_formats_are_written_into_a_new_folder(tmp_path):
    paths = write_all(small_graph(), tmp_path / "new" / "er", ["ttl", ".GraphML", "ttl"], name="seed")
    assert paths == [tmp_path / "new" / "er" / "seed.ttl", tmp_path / "new" / "er" / "seed.graphml"]
    assert sorted(contents(tmp_path / "new" / "er")) == ["seed.graphml", "seed.ttl"]


@pytest.mark.parametrize("format", ["xlsx", "", ".", "ttl/..", "tar.ttl"])
def test_an_unknown_format_is_refused_before_anything_is_written(format, folder):
    before = contents(folder)
    with pytest.raises(UnknownFormat, match="choose one of ttl, nt, nq"):
        write_all(small_graph(), folder, ["ttl", format])
    assert contents(folder) == before


def test_an_invalid_base_is_refused_before_anything_is_written(folder):
    before = contents(folder)
    with pytest.raises(InvalidBase):
        write_all(small_graph(), folder, ["graphml", "ttl"], base="my graph")
    assert contents(folder) == before


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), ValueError("a bug"), KeyboardInterrupt()])
def test_when_a_writer_fails_midway_nothing_has_changed(error, folder, monkeypatch):
    def fail(listing, out, settings):
        out.write(b"half of it")
        raise error

    before = contents(folder)
    monkeypatch.setitem(FORMATS, "graphml", Format("", {".graphml": fail}))
    with pytest.raises(CannotWrite if isinstance(error, OSError) else type(error)) as raised:
        write_all(small_graph(), folder, ["ttl", "graphml"])
    assert contents(folder) == before
    if raised.type is CannotWrite:
        assert str(raised.value) == (
            f"{folder / 'kg.graphml'}: cannot be written (No space left on device); "
            "free some space or choose another folder; existing files are unchanged"
        )


@pytest.mark.parametrize("first_is_there", [True, False])
def test_when_the_last_file_cannot_be_put_in_place_the_first_is_as_it_was(first_is_there, folder, monkeypatch):
    if not first_is_there:
        (folder / "kg.ttl").unlink()
    before = contents(folder)
    replace = os.replace

    def refuse(source, target):
        if Path(target).suffix == ".graphml":
            raise PermissionError(13, "open in another program")
        replace(source, target)

    monkeypatch.setattr(formats.os, "replace", refuse)
    with pytest.raises(CannotWrite, match=r"kg\.graphml: cannot be written \(open in another program\); choose"):
        write_all(small_graph(), folder, ["ttl", "graphml"])
    assert contents(folder) == before


def test_where_files_can_have_no_second_name_they_are_still_replaced(folder, tmp_path_factory, monkeypatch):
    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(formats.os, "link", refuse)
    write_all(small_graph(), folder, WRITTEN)
    assert contents(folder) == contents(write_all(small_graph(), tmp_path_factory.mktemp("new"), WRITTEN)[0].parent)


def test_a_folder_with_the_name_of_the_file_is_left_alone(folder):
    (folder / "kg.graphml").unlink()
    (folder / "kg.graphml").mkdir()
    with pytest.raises(CannotWrite, match="Is a directory"):
        write_all(small_graph(), folder, ["ttl", "graphml"])
    assert sorted(os.listdir(folder)) == ["kg.graphml", "kg.ttl"]
    assert (folder / "kg.ttl").read_text() == "old ttl"


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path):
    (tmp_path / "exports").write_text("mine")
    with pytest.raises(CannotWrite, match=r"kg\.ttl: cannot be written \(.+\); choose another folder"):
        write_all(small_graph(), tmp_path / "exports", ["ttl"])
    assert contents(tmp_path) == {"exports": b"mine"}


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="permission bits")
def test_a_folder_one_may_not_write_to_is_named(folder):
    before, user = contents(folder), os.geteuid()
    folder.chmod(0o500)
    os.seteuid(user or 65534)  # permissions do not bind root, but they do bind nobody
    try:
        with pytest.raises(CannotWrite, match=r"\(Permission denied\); choose a folder you may write to"):
            write_all(small_graph(), folder, WRITTEN)
    finally:
        os.seteuid(user)
        folder.chmod(0o700)
    assert contents(folder) == before


def run(program, folder):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, sys.path))}
    command = [sys.executable, "-c", textwrap.dedent(program), str(folder)]
    return subprocess.run(command, env=environment, cwd=GOLDEN.parent, capture_output=True, text=True, check=False)


def test_a_full_disk_leaves_the_files_as_they_were(folder):
    pytest.importorskip("resource")
    before = contents(folder)
    done = run(
        """
        import resource, sys
        from golden.graph import small_graph
        from kg.errors import CannotWrite
        from kg.formats import write_all
        resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
        try:
            write_all(small_graph(), sys.argv[1], ['ttl', 'graphml'])
        except CannotWrite as error:
            sys.exit(str(error))
        """,
        folder,
    )
    assert done.returncode == 1
    assert "kg.ttl: cannot be written (File too large); free some space or choose another folder" in done.stderr
    assert done.stderr.count("\n") == 1
    assert contents(folder) == before


def test_a_run_that_is_killed_leaves_the_files_as_they_were(folder):
    before = contents(folder)
    done = run(
        """
        import os, sys
        from golden.graph import small_graph
        from kg.formats import FORMATS, Format, write_all
        FORMATS["graphml"] = Format("", {".graphml": lambda listing, out, settings: os._exit(9)})
        write_all(small_graph(), sys.argv[1], ["ttl", "graphml"])
        """,
        folder,
    )
    assert done.returncode == 9
    assert {name: (folder / name).read_bytes() for name in before} == before


def test_two_runs_at_once_leave_whole_files(tmp_path):
    graphs = [small_graph(), nx.Graph([("person/a", "person/b")])]
    for name, graph in zip("ab", graphs, strict=True):
        write_all(graph, tmp_path / name, WRITTEN)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda i: write_all(graphs[i % 2], tmp_path / "both", WRITTEN), range(20)))
    both = contents(tmp_path / "both")
    assert both.keys() == {f"kg.{name}" for name in WRITTEN}
    for name, written in both.items():
        assert written in ((tmp_path / "a" / name).read_bytes(), (tmp_path / "b" / name).read_bytes())


@pytest.mark.skipif(os.name != "posix", reason="permission bits")
def test_a_new_file_has_the_permissions_that_umask_grants(tmp_path):
    old = os.umask(0o027)
    try:
        path = write(small_graph(), tmp_path / "kg.ttl")
    finally:
        os.umask(old)
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(os.name != "posix", reason="symbolic links")
def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "kg.ttl").symlink_to(tmp_path / "real" / "file.ttl")
    write(small_graph(), tmp_path / "kg.ttl")
    assert (tmp_path / "kg.ttl").is_symlink()
    assert contents(tmp_path / "real") == {"file.ttl": write(small_graph(), tmp_path / "plain.ttl").read_bytes()}


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("naïve 👍 \t\r\n", "naïve 👍 \t\r\n"),
        ("a\x00b\x1fc\x7fd\x85e", "a\ufffdb\ufffdc\ufffdd\ufffde"),
        ("\ud83d lone \udc4d", "\ufffd lone \ufffd"),
        ("\ufffe\uffff", "\ufffd\ufffd"),
    ],
)
def test_text_is_cleaned_character_by_character(text, cleaned):
    assert clean(text) == cleaned
