#!/bin/sh
# SPDX-License-Identifier: MIT
#SBATCH --job-name=grade
#SBATCH --array=1-4
#SBATCH --cpus-per-task=2
#SBATCH --mem-per-cpu=1G
#SBATCH --time=04:00:00
#
# slurm.sh - grades a class as a job array of Slurm, one shard a task
#
# In the project's folder, which all nodes must see, and in which the pool has
# been compiled, once: make exercise-reference exercise-explorer
#
#	sbatch --wait --array=1-8 exercises/course/slurm.sh SUBMISSIONS OUT
#	exercises/grade merge OUT OUT-*
#
# A task that was killed begins again where it was: submit the same array once
# more. The array must begin at 1. The merged result has the same bytes as that
# of one machine.

[ $# -eq 2 ] && [ -n "$SLURM_ARRAY_TASK_ID" ] || {
	echo 'usage: sbatch --array=1-N exercises/course/slurm.sh DIR OUT' >&2
	exit 2
}
cd "${SLURM_SUBMIT_DIR:-.}" || exit 3
exec exercises/grade batch "$1" --out "$2-$SLURM_ARRAY_TASK_ID" \
    --jobs "${SLURM_CPUS_PER_TASK:-1}" \
    --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT"
