#!/bin/sh
# Holds on a machine with an NVIDIA GPU what CI cannot: the CUDA kernels give what the eager backend gives. Needs no .NET SDK.
#   tests/verify-gpu.sh FOLDER      of `dotnet publish src/Cli -c Release -r linux-x64 --self-contained -p:CarryLibtorch=false -o FOLDER`
# MOESAIC_LIBTORCH names the folder lib of a torch with CUDA. Exit code 0 if all agree, else 1.
set -u
tool="$1/moesaic"
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

check() {
    echo "# $*"
    "$@" || { echo "FAILED ($?): $*"; failed=1; }
}

for model in mixtral qwen3_moe gpt_oss deepseek_v3; do
    "$tool" synthesize --config "$here/data/gpu/$model/config.json" --out "$work/$model" --dtype bfloat16 2> /dev/null || failed=1
    check "$tool" verify --model "$work/$model" --device cuda --dtype bfloat16 --experts fused --against eager
done

check "$tool" verify --model "$work/mixtral" --device cuda --dtype float16 --experts fused --against eager

# Experts that stay as their checkpoint keeps them, against the same decoded one by one.
for model in deepseek_v3_fp8 qwen3_moe_fp8 gpt_oss_mxfp4; do
    "$tool" synthesize --config "$here/data/gpu/$model/config.json" --out "$work/$model" --dtype bfloat16 2> /dev/null || failed=1
    check "$tool" verify --model "$work/$model" --device cuda --dtype auto --experts fused --against eager
done

# D,F,E,K: streamed sizes, sizes for tiles, many experts. Results are checked against float32 first; a backend that cannot run is left out, and said.
for shape in 96,64,8,2 512,256,16,4 2048,768,128,8; do
    check "$tool" bench experts --device cuda --shape "$shape" --tokens 1,2,7,33,300,4096 --experts eager,fused --seconds 0 > "$work/log"
    cat "$work/log"
    if grep "left out" "$work/log"; then failed=1; fi
done

exit $failed
