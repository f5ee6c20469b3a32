"""What to make: one frozen, checked description of a video.  No pixels, no sound.

`RenderRequest` holds scenes, music and the file; `Scene` what is said and seen in one of them.
"""

from lipwright.request.background import BLUR_MAX, EFFECTS, STUDIOS, Background, Fit
from lipwright.request.captions import CAPTION_STYLES, FONT_FAMILIES, Captions
from lipwright.request.layout import LAYOUTS, CallToAction, Ending
from lipwright.request.music import MUSIC_CATEGORIES, Music
from lipwright.request.output import PREVIEW_SHORT_SIDE_PX, WATCHED_S, Aspect, Container, Output
from lipwright.request.placement import Placement, Transition
from lipwright.request.revoice import FootageOutput, RevoiceRequest, SyncMode
from lipwright.request.scene import SCRIPT_LIMIT, TRANSCRIPT_LIMIT, Scene
from lipwright.request.video import RenderRequest

__all__ = [
    "BLUR_MAX",
    "CAPTION_STYLES",
    "EFFECTS",
    "FONT_FAMILIES",
    "LAYOUTS",
    "MUSIC_CATEGORIES",
    "PREVIEW_SHORT_SIDE_PX",
    "SCRIPT_LIMIT",
    "STUDIOS",
    "TRANSCRIPT_LIMIT",
    "WATCHED_S",
    "Aspect",
    "Background",
    "CallToAction",
    "Captions",
    "Container",
    "Ending",
    "Fit",
    "FootageOutput",
    "Music",
    "Output",
    "Placement",
    "RenderRequest",
    "RevoiceRequest",
    "Scene",
    "SyncMode",
    "Transition",
]
