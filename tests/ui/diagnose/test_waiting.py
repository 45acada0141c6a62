from __future__ import annotations

import threading

from explorer.ui.diagnose.jobs import Job
from explorer.ui.diagnose.waiting import progress_text


def test_what_the_bar_says() -> None:
    job = Job()
    assert progress_text(job, "Counting") == "Counting: waiting for another model to be measured …"
    reached, go = threading.Event(), threading.Event()

    def work(told: object) -> None:
        reached.set()
        go.wait(20)

    thread = threading.Thread(target=job.carry_out, args=(work,))
    thread.start()
    assert reached.wait(20)
    assert progress_text(job, "Counting") == "Counting …"
    job.share = 1 - 1e-9
    assert progress_text(job, "Counting") == "Counting: about 1 s left"
    go.set()
    thread.join()
