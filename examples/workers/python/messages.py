"""What a worker of Baton reads and writes, as schemas/worker.task.json and schemas/results.*.json say. No I/O."""

import json
import uuid
from datetime import datetime

RESULT_PARTITIONS = 2
INLINE_LIMIT_BYTES = 16 * 1024
REPEATED = ("v", "runId", "commandId", "step", "dispatchNo", "traceparent", "deadline")


class TaskError(Exception):
    """A failure of the work. Retry and Catch of the workflow match its name."""

    def __init__(self, name, cause, retryable=True):
        super().__init__(cause)
        self.name = name
        self.retryable = retryable


def results_queue(run_id):
    """The queue that takes the results of a run: its last four hex digits, modulo the partitions."""
    return f"results-{int(run_id[-4:], 16) % RESULT_PARTITIONS}"


def result_job_id(task):
    """A second result of the same dispatch has the same id, so the queue drops it; nobody else knows its nonce."""
    nonce = f"-{task['nonce']}" if "nonce" in task else ""
    return f"r-{task['commandId']}-{task['dispatchNo']}{nonce}"


def is_late(task, now):
    """Whether the hub no longer takes a result."""
    deadline = task.get("deadline")
    return deadline is not None and datetime.fromisoformat(deadline.replace("Z", "+00:00")) <= now


def heartbeat(task, progress):
    """Names the nonce of its task: without it nobody believes that its sender has it."""
    nonce = {"nonce": task["nonce"]} if "nonce" in task else {}
    return {**_envelope(task), **nonce, "progress": progress[:500]}


def announcement(worker_id, kind, host, pid, concurrency, is_stopped=False):
    """Says that a worker lives: job `worker` to any results queue, every three seconds. See schemas/results.worker.json."""
    about = {"workerId": worker_id, "kind": kind, "host": host, "pid": pid, "concurrency": concurrency}
    return {"v": 1, **about, "isStopped": is_stopped}


def answer(task, work):
    """Does the work of a task; the name of the result message and its data."""
    try:
        output = work(_arguments(task))
        text = json.dumps(output, allow_nan=False)
        if len(text.encode()) > INLINE_LIMIT_BYTES:
            raise TaskError("OutputTooLarge", "The output is larger than 16 KiB.", retryable=False)
        return "succeeded", {**_envelope(task), "output": output}
    except TaskError as error:
        return "failed", _failed(task, error.name, str(error), error.retryable)
    except Exception as error:
        return "failed", _failed(task, type(error).__name__, _said(error), True)


def _said(error):
    """An exception of somebody may fail to say what it is."""
    try:
        return str(error)
    except Exception:
        return "It cannot be shown."


def _arguments(task):
    if "blobRef" in task:
        raise TaskError("ArgumentsTooLarge", "The arguments are in the blob store, which this example does not read.", False)
    return task["arguments"]


def _envelope(task):
    return {**{key: task[key] for key in REPEATED if key in task}, "id": str(uuid.uuid4())}


def _failed(task, error, cause, retryable):
    return {**_envelope(task), "error": error, "cause": cause[:4000], "retryable": retryable}
