#!/usr/bin/env bash
# Checks CUDA on the machine's first GPU against the CPU, and measures it: less than 12 minutes.
# Usage: benchmarks/gpu-check.sh NATIVE GIGABYTES [WORK] [DEVICE]
#   NATIVE     a folder with the libraries of onnxruntime_gpu's jar (ai/onnxruntime/native/linux-x64)
#   GIGABYTES  what the GPU's memory reads in a second, by its data sheet: 3350 for an H100 SXM
#   WORK       a folder for models, 5 GB; by default a temporary one
#   DEVICE     cuda by default
# A check that fails does not keep the others from running; the script then ends with status 1.
# Needs CUDA 12's libraries (see docs/gpu.md) and, built before:
#   ./mvnw -B -pl benchmarks,adapters/cli -am package -DskipTests
set -euo pipefail
cd "$(dirname "$0")/.."
native=$1
gigabytes=$2
work=${3:-$(mktemp -d)}
device=${4:-cuda}
status=0
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
polylm() { "$java" -jar adapters/cli/target/polylm-cli.jar "$@"; }
check() {
  timeout 180 "$java" -Donnxruntime.native.path="$native" -cp "benchmarks/target/classes:benchmarks/target/lib/*" \
    dev.polylm.benchmarks.GpuCheck "$@" || status=1
}

nvidia-smi --query-gpu=name,driver_version,memory.total,memory.used --format=csv
tiny=examples/polylm-tiny/checkpoint
[ -d "$work/tiny-fp16" ] || polylm export --checkpoint $tiny --output "$work/tiny-fp16" --weights fp16
[ -d "$work/tiny-int4" ] || polylm export --checkpoint $tiny --output "$work/tiny-int4" --activations fp16
[ -d "$work/tiny-int8" ] || polylm export --checkpoint $tiny --output "$work/tiny-int8" --weights int8
if ! [ -d "$work/large-int4" ]; then
  "$java" -cp "benchmarks/target/classes:benchmarks/target/lib/*" \
    dev.polylm.benchmarks.MakeCheckpoint "$work/large" 24 2048 16 256000 2048
  polylm export --checkpoint "$work/large" --output "$work/large-int4" --activations fp16 --calibration off \
    --no-tokenizer --no-verify
  rm -r "$work/large"
fi

for model in tiny-fp16 tiny-int4 tiny-int8; do # the last is hybrid: its attention stays on the CPU
  check same "$device" "$work/$model"
done
check speed "$device" "$work/large-int4" "$gigabytes"
check memory "$device" "$work/tiny-int4" 1000
nvidia-smi --query-gpu=name,memory.used --format=csv
exit $status
