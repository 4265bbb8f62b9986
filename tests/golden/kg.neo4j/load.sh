#!/bin/sh
# Load this graph into a new Neo4j database (version 5 or newer; stop the database first):
#     sh load.sh [DATABASE]
cd "$(dirname "$0")" && neo4j-admin database import full "${1:-kg}" \
    --nodes=nodes.csv --relationships=relationships.csv \
    --array-delimiter='|' --multiline-fields=true --overwrite-destination
