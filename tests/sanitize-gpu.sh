#!/bin/sh
# Runs every CUDA kernel under NVIDIA's compute-sanitizer at small sizes: memory out of bounds, races on shared memory, barriers.
#   tests/sanitize-gpu.sh FOLDER [TOOL…]    FOLDER of `dotnet publish benchmarks/Experts -c Release -r linux-x64 --self-contained -p:CarryLibtorch=false -o FOLDER`
# MOESAIC_LIBTORCH names the folder lib of a torch with CUDA, CUDA's compute-sanitizer is in PATH. Exit code 0 if all are clean, else 1.
set -u
program="$1/Moesaic.Benchmarks.Experts"
shift
[ $# -gt 0 ] || set -- memcheck racecheck synccheck
failed=0

# Each tensor is a piece of memory of its own, so that what lies beyond its end is nobody's.
export PYTORCH_NO_CUDA_MEMORY_CACHING=1
for tool in "$@"; do
    log=$(mktemp)
    started=$(date +%s)
    # Our kernels alone: those of libtorch only make inputs and expectations.
    if compute-sanitizer --tool "$tool" --kernel-name kns=moesaic_ --print-limit 20 --error-exitcode 9 "$program" check-small > "$log" 2>&1; then
        result=clean
    else
        result="FAILED ($?)"
        failed=1
        grep -v "^ok " "$log" | head -n 60
    fi
    echo "$tool: $result, $(grep -c '^ok ' "$log") checks, $(grep 'kernels were run' "$log"), $(grep -o 'SUMMARY: .*' "$log"), $(($(date +%s) - started)) s"
    rm -f "$log"
done

exit $failed
