"""The short fault run: real processes and servers are taken away while letters come, and no promise is broken.

The full run is `make faults`. What is promised is told in docs/faults.md.
"""

import pytest

from tests.faults.run import SHORT, run
from tests.servers import Dovecot, PostgreSQL, Redis

MISSING = [sentence for sentence in (each.missing() for each in (Dovecot, PostgreSQL, Redis)) if sentence]


@pytest.mark.timeout(900)
@pytest.mark.skipif(bool(MISSING), reason="; ".join(MISSING))
def test_no_promise_is_broken_while_everything_is_taken_away(tmp_path):
    outcome = run(SHORT, tmp_path)
    assert outcome.figures.broken == {}
    assert outcome.figures.questions > 250
    kinds = {event.what for event in outcome.events}
    assert {f"kill -9 {kind}" for kind in ("poll", "worker", "beat", "web")} <= kinds
    assert sum(outcome.points.values()) > 0
