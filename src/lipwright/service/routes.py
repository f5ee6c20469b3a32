"""Every endpoint, in one flat table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel

from lipwright.service.accounts import Scope
from lipwright.service.endpoints import (
    accounts,
    aurora,
    keys,
    lipsyncs,
    lipsyncs_v2,
    music,
    personas,
    pronunciations,
    results,
    revoices,
    selecting,
    speeches,
    uploads,
    voices,
    webhooks,
)
from lipwright.service.endpoints.calls import Endpoint
from lipwright.service.wire.aurora import Aurora, AuroraRequest
from lipwright.service.wire.keys import KeyAnswer, KeyRequest, NewKeyAnswer
from lipwright.service.wire.keys import SecretAnswer as Secret
from lipwright.service.wire.lipsyncs import Lipsync, LipsyncRequest, LipsyncRetrieve
from lipwright.service.wire.lipsyncs_v2 import LipsyncV2, LipsyncV2Retrieve
from lipwright.service.wire.music import MusicCategory, MusicPage
from lipwright.service.wire.personas import (
    PERSONA_CHOICES,
    AnyPersona,
    CustomPersona,
    PersonaCount,
    PersonaPage,
    PersonaRequest,
)
from lipwright.service.wire.problems import ErrorAnswer
from lipwright.service.wire.pronunciations import PronunciationsAnswer, PronunciationsRequest
from lipwright.service.wire.results import (
    Batch,
    BatchRequest,
    Estimate,
    Report,
    WordsRequest,
)
from lipwright.service.wire.revoices import Revoice, RevoiceRequest
from lipwright.service.wire.scenes import LipsyncV2Request
from lipwright.service.wire.speeches import TextToSpeech, TextToSpeechRequest
from lipwright.service.wire.tasks import Credits, WordAlignment
from lipwright.service.wire.uploads import UploadAnswer, UploadRequest
from lipwright.service.wire.voices import VoiceAnswer, VoicePage
from lipwright.service.wire.webhooks import WebhookAnswer, WebhookRetrieve

CREATED: Final = 201
ADMIN: Final = Scope.ADMIN


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the table; `path` is served with and without its last slash."""

    method: str
    path: str
    endpoint: Endpoint
    takes: type[BaseModel] | None = None
    gives: Any = None
    query: tuple[str, ...] = ()
    status: int = 200
    """Of success; `CREATED` is what the setting `create_status` says."""
    media_type: str = "application/json"
    """Of the answer."""
    is_alias: bool = False
    """Another spelling that clients use; not in the schema, nor in the docs' table."""
    is_file: bool = False
    """The body may be a file; it is written to the disk."""
    is_form: bool = False
    """The body may be a form with files; they are written to the disk."""
    bodies: int = 1
    """How many times the usual size the body may have."""
    needs: Scope | None = None
    """None is `READ` for a GET and `RENDER` for everything else."""

    @property
    def scope(self) -> Scope:
        """What a key must be good for."""
        return self.needs or (Scope.READ if self.method == "GET" else Scope.RENDER)

    @property
    def fills_disk(self) -> bool:
        """Whether what it makes takes room; what has begun may be changed and stopped any time."""
        makes = self.method in ("POST", "PATCH") and self.scope is Scope.RENDER
        return makes and not self.path.endswith(SMALL)


SMALL: Final = ("/cancel/", "/estimate/", "/replay/")
"""Ends of paths that make nothing which takes room."""
LIST: Final = selecting.QUERY
PAGE: Final = ("page", "page_size")
NAME: Final = ("name",)
FILTERS: Final = (*PERSONA_CHOICES, "keyword")

# fmt: off
ROUTES: Final = (
    Route("POST", "/api/lipsyncs/", lipsyncs.create_lipsync, LipsyncRequest, Lipsync, (), CREATED),
    Route("GET", "/api/lipsyncs/", lipsyncs.list_lipsyncs, None, list[Lipsync], LIST),
    Route("POST", "/api/lipsyncs/preview/", lipsyncs.preview_lipsync, LipsyncRequest, Lipsync),
    Route("POST", "/api/lipsyncs/{id}/render/", lipsyncs.render_lipsync, gives=Lipsync),
    Route("GET", "/api/lipsyncs/{id}/", lipsyncs.retrieve_lipsync, gives=LipsyncRetrieve),
    Route("PATCH", "/api/lipsyncs/{id}/", results.edit_words, WordsRequest, LipsyncRetrieve),
    Route("POST", "/api/lipsyncs/estimate/", results.estimate_lipsync, LipsyncRequest, Estimate),
    Route("POST", "/api/lipsyncs/batch/", results.create_batch,
          BatchRequest, Batch, (), CREATED, bodies=8),
    Route("GET", "/api/lipsyncs/{id}/report/", results.retrieve_report, gives=Report),
    Route("GET", "/api/lipsyncs/{id}/captions.json", results.captions_json,
          gives=list[WordAlignment]),
    Route("GET", "/api/lipsyncs/{id}/captions.srt", results.captions_srt,
          media_type="application/x-subrip"),
    Route("GET", "/api/lipsyncs/{id}/captions.vtt", results.captions_vtt, media_type="text/vtt"),
    Route("PATCH", "/api/lipsyncs_v2/{id}/", results.edit_words_v2,
          WordsRequest, LipsyncV2Retrieve),
    Route("POST", "/api/lipsyncs_v2/estimate/", results.estimate_lipsync_v2,
          LipsyncV2Request, Estimate),
    Route("GET", "/api/lipsyncs_v2/{id}/report/", results.retrieve_report, is_alias=True),
    Route("GET", "/api/lipsyncs_v2/{id}/captions.json", results.captions_json, is_alias=True),
    Route("GET", "/api/lipsyncs_v2/{id}/captions.srt", results.captions_srt, is_alias=True),
    Route("GET", "/api/lipsyncs_v2/{id}/captions.vtt", results.captions_vtt, is_alias=True),
    Route("POST", "/api/lipsyncs/multi_avatar/", lipsyncs_v2.create_multi_avatar,
          LipsyncV2Request, LipsyncV2),
    Route("POST", "/api/lipsyncs_v2/", lipsyncs_v2.create_lipsync_v2,
          LipsyncV2Request, LipsyncV2, (), CREATED),
    Route("GET", "/api/lipsyncs_v2/", lipsyncs_v2.list_lipsyncs_v2,
          None, list[LipsyncV2], LIST),
    Route("POST", "/api/lipsyncs_v2/preview/", lipsyncs_v2.preview_lipsync_v2,
          LipsyncV2Request, LipsyncV2),
    Route("GET", "/api/lipsyncs_v2/{id}/", lipsyncs_v2.retrieve_lipsync_v2,
          gives=LipsyncV2Retrieve),
    Route("POST", "/api/lipsyncs_v2/{id}/preview/", lipsyncs_v2.repeat_preview_v2, is_alias=True),
    Route("POST", "/api/lipsyncs/{id}/preview/", lipsyncs.repeat_preview, is_alias=True),
    Route("POST", "/api/lipsyncs_v2/{id}/render/", lipsyncs_v2.render_lipsync_v2, gives=LipsyncV2),
    Route("DELETE", "/api/lipsyncs/{id}/", lipsyncs.delete_lipsync, status=204),
    Route("DELETE", "/api/lipsyncs_v2/{id}/", lipsyncs_v2.delete_lipsync_v2, status=204),
    Route("POST", "/api/lipsyncs_v2/{id}/cancel/", lipsyncs_v2.cancel_lipsync_v2, gives=LipsyncV2),
    Route("GET", "/api/lipsyncs_v2/{id}/events/", lipsyncs_v2.watch_lipsync_v2,
          media_type="text/event-stream"),
    Route("DELETE", "/api/text_to_speech/{id}/", speeches.delete_text_to_speech, status=204),
    Route("POST", "/api/text_to_speech/{id}/cancel/", speeches.cancel_text_to_speech,
          gives=TextToSpeech),
    Route("DELETE", "/api/aurora/{id}/", aurora.delete_aurora, status=204),
    Route("POST", "/api/aurora/{id}/cancel/", aurora.cancel_aurora, gives=Aurora),
    Route("DELETE", "/api/personas/{id}/", personas.delete_persona, status=204),
    Route("POST", "/api/lipsyncs/{id}/cancel/", lipsyncs.cancel_lipsync, gives=Lipsync),
    Route("GET", "/api/lipsyncs/{id}/events/", lipsyncs.watch_lipsync,
          media_type="text/event-stream"),
    Route("POST", "/api/text_to_speech/", speeches.create_text_to_speech,
          TextToSpeechRequest, TextToSpeech, (), CREATED),
    Route("GET", "/api/text_to_speech/", speeches.list_text_to_speech,
          None, list[TextToSpeech], LIST),
    Route("GET", "/api/text_to_speech/paginated/", speeches.page_text_to_speech, is_alias=True),
    Route("GET", "/api/text_to_speech/{id}/", speeches.retrieve_text_to_speech, gives=TextToSpeech),
    Route("POST", "/api/aurora/", aurora.create_aurora, AuroraRequest, Aurora, (), CREATED),
    Route("GET", "/api/aurora/", aurora.list_aurora, None, list[Aurora], LIST),
    Route("GET", "/api/aurora/{id}/", aurora.retrieve_aurora, gives=Aurora),
    Route("POST", "/api/revoices/", revoices.create_revoice, RevoiceRequest, Revoice, (), CREATED),
    Route("GET", "/api/revoices/", revoices.list_revoices, None, list[Revoice], LIST),
    Route("GET", "/api/revoices/{id}/", revoices.retrieve_revoice, gives=Revoice),
    Route("DELETE", "/api/revoices/{id}/", revoices.delete_revoice, status=204),
    Route("POST", "/api/revoices/{id}/cancel/", revoices.cancel_revoice, gives=Revoice),
    Route("GET", "/api/personas/", personas.list_personas, None, list[AnyPersona], FILTERS),
    Route("GET", "/api/personas/paginated/", personas.page_personas,
          None, PersonaPage, FILTERS + PAGE),
    Route("GET", "/api/personas-paginated/", personas.page_personas, is_alias=True),
    Route("POST", "/api/personas/", personas.create_persona,
          PersonaRequest, CustomPersona, (), CREATED, is_form=True),
    Route("POST", "/api/personas_v2/", personas.create_own_persona,
          PersonaRequest, CustomPersona, (), CREATED, is_form=True),
    Route("GET", "/api/personas_v2/", personas.list_own_personas,
          None, list[CustomPersona], (*FILTERS, "suitable_industries")),
    Route("GET", "/api/personas_v2/count/", personas.count_own_personas, gives=PersonaCount),
    Route("GET", "/api/personas/{id}/", personas.retrieve_persona, gives=AnyPersona),
    Route("GET", "/api/music_categories/", music.list_music_categories, gives=list[MusicCategory]),
    Route("GET", "/api/music-categories/", music.list_music_categories, is_alias=True),
    Route("GET", "/api/musics/", music.list_musics, None, MusicPage, ("category", "search", *PAGE)),
    Route("GET", "/api/errors/", results.list_errors, gives=list[ErrorAnswer]),
    Route("GET", "/api/voices/", voices.list_voices, gives=list[VoiceAnswer]),
    Route("GET", "/api/voices/paginated/", voices.page_voices, None, VoicePage, PAGE),
    Route("GET", "/api/pronunciations/", pronunciations.retrieve_pronunciations,
          gives=PronunciationsAnswer),
    Route("PUT", "/api/pronunciations/", pronunciations.replace_pronunciations,
          PronunciationsRequest, PronunciationsAnswer),
    Route("GET", "/api/remaining_credits/", accounts.remaining_credits, gives=Credits),
    Route("GET", "/api/remaining-credits/", accounts.remaining_credits, is_alias=True),
    Route("GET", "/api/webhook_secret/", keys.webhook_secret, gives=Secret, needs=ADMIN),
    Route("POST", "/api/webhook_secret/rotate/", keys.rotate_secret, gives=Secret, needs=ADMIN),
    Route("GET", "/api/webhooks/", webhooks.list_webhooks, None, list[WebhookAnswer], ("task",)),
    Route("GET", "/api/webhooks/{id}/", webhooks.retrieve_webhook, gives=WebhookRetrieve),
    Route("POST", "/api/webhooks/{id}/replay/", webhooks.replay_webhook, gives=WebhookRetrieve),
    Route("GET", "/api/keys/", keys.list_keys, gives=list[KeyAnswer], needs=ADMIN),
    Route("POST", "/api/keys/", keys.create_key, KeyRequest, NewKeyAnswer, (), 201, needs=ADMIN),
    Route("POST", "/api/keys/{id}/rotate/", keys.rotate_key, gives=NewKeyAnswer, needs=ADMIN),
    Route("DELETE", "/api/keys/{id}/", keys.revoke_key, status=204, needs=ADMIN),
    Route("POST", "/api/uploads/", uploads.create_upload, UploadRequest, UploadAnswer, NAME, 201,
          is_file=True),
    Route("GET", "/api/uploads/", uploads.list_uploads, gives=list[UploadAnswer]),
    Route("GET", "/api/uploads/{id}/", uploads.retrieve_upload, gives=UploadAnswer),
    Route("PATCH", "/api/uploads/{id}/", uploads.append_upload, gives=UploadAnswer, is_file=True),
    Route("DELETE", "/api/uploads/{id}/", uploads.delete_upload, status=204),
    Route("GET", "/api/uploads/{id}/content/", uploads.download_upload, media_type="*/*"),
)
# fmt: on
