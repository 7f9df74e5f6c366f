"""A worker of Baton in Python. Needs `pip install -r requirements.txt` and queues on Redis (REDIS_URL)."""

import asyncio
import os
import signal
import socket
import sys
import uuid
from datetime import datetime, timezone

try:
    from bullmq import Queue, Worker
except ModuleNotFoundError:
    sys.exit("The package bullmq is missing. Run `pip install -r examples/workers/python/requirements.txt` and start again.")

from messages import announcement, answer, is_late, result_job_id, results_queue
from statistics_of_text import measure

KIND = "text-statistics"
PREFIX = "baton"
ANNOUNCE_EVERY_SECONDS = 3


async def main(redis_url):
    connection = {"connection": redis_url, "prefix": PREFIX}
    results = {f"results-{partition}": Queue(f"results-{partition}", connection) for partition in range(2)}

    async def process(job, _token):
        task = job.data
        if is_late(task, datetime.now(timezone.utc)):
            return
        name, data = answer(task, measure)
        # The result is on its queue before this task is done: a crash in between repeats the task.
        await results[results_queue(task["runId"])].add(name, data, {"jobId": result_job_id(task)})

    worker_id = str(uuid.uuid4())

    async def announce(is_stopped=False):
        data = announcement(worker_id, KIND, socket.gethostname(), os.getpid(), 1, is_stopped)
        await results["results-0"].add("worker", data, {"removeOnComplete": True})

    async def keep_announcing():
        while True:
            await announce()
            await asyncio.sleep(ANNOUNCE_EVERY_SECONDS)

    worker = Worker(f"worker-{KIND}", process, connection)
    announcing = asyncio.create_task(keep_announcing())
    told_to_stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told_to_stop.set)
    await told_to_stop.wait()
    await worker.close()
    announcing.cancel()
    await announce(is_stopped=True)
    for queue in results.values():
        await queue.close()


if __name__ == "__main__":
    if not os.environ.get("REDIS_URL"):
        sys.exit("REDIS_URL is not set. Start Baton with queues on Redis, run `source .baton/env`, and start again.")
    asyncio.run(main(os.environ["REDIS_URL"]))
