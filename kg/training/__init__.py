"""From annotated texts to the weights that `kg.recognition.model` runs: what is done once, with torch.

Nothing here is needed to build a graph; install `kg[train]` for it.
"""
