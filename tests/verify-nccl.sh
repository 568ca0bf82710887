#!/usr/bin/env bash
# Holds on a machine with NVIDIA GPUs what CI cannot: NCCL's calls, models cut over GPUs, and how ranks fail. Needs no .NET SDK.
#   tests/verify-nccl.sh FOLDER [GPUS]      of
#     dotnet publish src/Cli -c Release -r linux-x64 --self-contained -p:CarryLibtorch=false -o FOLDER/cli
#     dotnet publish tests/Runtime.Tests -c Release -r linux-x64 --self-contained -p:CarryLibtorch=false -p:UseAppHost=true -o FOLDER/ranks
# MOESAIC_LIBTORCH names the folder lib of a torch with CUDA. Takes 1, 2 or 4 GPUs: as many as there are, or GPUS. Exit code 0 if all is well, else 1.
set -u
tool="$1/cli/moesaic"
ranks="$1/ranks/Moesaic.Runtime.Tests"
golden=$(cd "$(dirname "$0")" && pwd)/data/golden
gpus=${2:-$(nvidia-smi -L | wc -l)}
[ "$gpus" -ge 4 ] && gpus=4
[ "$gpus" -eq 3 ] && gpus=2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
export MASTER_ADDR=127.0.0.1 MASTER_PORT=29500 OMP_NUM_THREADS=2

# launch COMMAND...: a process for each GPU; what rank R writes and how it ends is in $work/R.{out,err,code}
launch() {
    MASTER_PORT=$((MASTER_PORT + 7))
    rm -f "$work"/*.code
    local pids=() rank
    for ((rank = 0; rank < gpus; rank++)); do
        (RANK=$rank LOCAL_RANK=$rank WORLD_SIZE=${world:-$gpus} timeout -k 2 120 "$@" < /dev/null > "$work/$rank.out" 2> "$work/$rank.err"
            echo $? > "$work/$rank.code") &
        pids+=($!)
    done
    wait "${pids[@]}"
}

# result NAME CODES WORDS: all codes are like the pattern, and the first rank's output or errors have the words
result() {
    local codes
    codes=$(cat "$work"/*.code | tr '\n' ' ')
    if [[ "$codes" =~ ^($2\ )+$ ]] && cat "$work"/*.out "$work"/*.err | grep -q -- "$3"; then
        echo "ok      $1: $(cat "$work"/*.err "$work"/*.out | grep -m 1 -- "$3")"
    else
        failed=1
        echo "FAILED  $1: exit codes $codes"
        cat "$work"/*.err "$work"/*.out
    fi
}

refused() { # NAME WORDS: one line, by one rank, and nobody is left
    result "$1" '[1-9][0-9]*' "$2"
    [ "$(cat "$work"/*.err | grep -c .)" -eq 1 ] || { failed=1; echo "FAILED  $1: more or less than one line"; cat "$work"/*.err; }
}

verify() { # FOLDER-OF-MODEL FLAGS...
    launch "$tool" verify --device cuda --model "$golden/$1" "${@:2}"
    result "$*" 0 'greedy=16/16'
}

"$tool" ptx --assembly "$1/cli/Moesaic.Models.dll" --out "$1/ranks/kernels.ptx.zip" || failed=1
"$ranks" one-gpu | tee "$work/one"
grep -q FAILED "$work/one" && failed=1
grep -q 'bfloat16 experts.*Fused' "$work/one" || { failed=1; echo "FAILED  one GPU: the fused kernels did not run"; }
launch "$ranks" nccl contract
result contract 0 'is content'

if [ "$gpus" -ge 2 ]; then
    launch "$ranks" nccl disagree; result 'other sizes' 0 'AllReduce of 20 bytes'
    launch "$ranks" nccl disagree-order; result 'other calls' 0 'rank 1 makes call 0, Broadcast'
    launch "$ranks" nccl disagree-rows; result 'other rows' 0 'sends 1 rows to rank'
    launch "$ranks" nccl wrong-message; result 'other message' 0 'expected a message of 16 bytes from rank 0, found 20'

    launch "$ranks" nccl die; refused 'rank that dies' 'rank 1 of [24] ended without a word'
    export MOESAIC_RANK_TIMEOUT=15
    launch "$ranks" nccl hang 600; refused 'rank that hangs' 'waited 15 s for the other ranks'
    MOESAIC_COMPARE_CALLS=0 launch "$ranks" nccl hang 600; refused 'rank that hangs, seen by the GPU' 'waited 15 s for the other ranks'
    world=$((gpus + 1)) launch "$tool" verify --device cuda --model "$golden/mixtral" --ep $((gpus + 1)); refused 'rank that never comes' 'did not come'
    unset MOESAIC_RANK_TIMEOUT
    launch "$tool" verify --device cuda --model "$golden/mixtral" --ep 3; refused 'other world size' 'expected 3 processes'

    cp -r "$golden/mixtral" "$work/other"
    printf '\001' | dd of="$work/other/model.safetensors" bs=1 seek=$(($(stat -c %s "$work/other/model.safetensors") - 1)) conv=notrunc 2> /dev/null
    launch bash -c "exec '$tool' verify --device cuda --ep $gpus --model \$([ \$RANK = 1 ] && echo '$work/other' || echo '$golden/mixtral')"
    refused 'another checkpoint' 'rank 1 of [24] has another checkpoint'
    launch bash -c "exec '$tool' verify --device cuda --ep $gpus --model '$golden/mixtral' \$([ \$RANK = 1 ] && echo --dtype bogus)"
    refused 'wrong option' "rank 1 of [24]: Argument 'bogus'"
fi

for model in mixtral qwen2_moe deepseek_v3 deepseek_v3_fp8 gpt_oss gpt_oss_mxfp4 granitemoeshared aria_text; do
    case $gpus in
    1)
        verify $model
        ;;
    2)
        verify $model --ep 2
        verify $model --tp 2
        verify $model --dp 2
        verify $model --dp 2 --dispatch all-to-all
        verify $model --ep 2 --redundant-experts 2 --eplb-interval 4
        ;;
    4)
        verify $model --ep 4
        verify $model --tp 2 --ep 2
        verify $model --dp 2 --ep 2
        verify $model --dp 2 --tp 2 --dispatch all-to-all
        verify $model --ep 4 --redundant-experts 4 --eplb-interval 4
        ;;
    esac
done

exit $failed
