"""How questions, evidence and drafts are kept as JSON and read back as the same values."""

from pydantic import TypeAdapter

from consultant.drafting.model import Draft
from consultant.evidence.model import Evidence
from consultant.questions.model import Question

QUESTION = TypeAdapter(Question)
EVIDENCE = TypeAdapter(Evidence)
DRAFT = TypeAdapter(Draft)
