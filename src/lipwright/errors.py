"""Every error that Lipwright raises on purpose.

* LipwrightError
  + InvalidRequest         the caller can fix it; never retried
    - UnreadableMedia        a file that is not what it should be
    - UnusablePhoto          a picture that cannot become an avatar
      - NoFaceFound
      - SeveralFacesFound
      - FaceTooSmall
    - InvalidScript          empty, too long, or nothing to say in it
    - UnsupportedLanguage
    - UnknownVoice
    - InvalidVoice           files that are no voice
    - UnknownAvatar
    - InvalidAvatar          a bundle that cannot be read
    - ConsentMissing
  + RenderFailed           our fault or the machine's; a retry may help
    - ModelUnavailable
    - SynthesisFailed
    - EncoderFailed
    - OutputRejected         rendered, but it measured out of tolerance
  + RenderCancelled        the caller asked; not a failure
"""

from __future__ import annotations


class LipwrightError(Exception):
    """The video could not be made."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").strip())


class InvalidRequest(LipwrightError):
    """The request cannot be rendered as written."""


class UnreadableMedia(InvalidRequest):
    """The file could not be decoded."""


class UnusablePhoto(InvalidRequest):
    """The picture cannot become an avatar."""


class NoFaceFound(UnusablePhoto):
    """No face was found in the picture; use one that shows a face from the front."""


class SeveralFacesFound(UnusablePhoto):
    """More than one face was found in the picture; crop it to one person."""


class FaceTooSmall(UnusablePhoto):
    """The face is too small in the picture; use a closer or larger picture."""


class InvalidScript(InvalidRequest):
    """The script has nothing to say, or is too long."""


class UnsupportedLanguage(InvalidRequest):
    """No voice or phoneme set is installed for this language."""


class UnknownVoice(InvalidRequest):
    """There is no such voice."""


class InvalidVoice(InvalidRequest):
    """The files do not hold a voice that can be spoken with."""


class UnknownAvatar(InvalidRequest):
    """There is no such avatar."""


class InvalidAvatar(InvalidRequest):
    """The avatar's folder is incomplete or damaged."""


class ConsentMissing(InvalidRequest):
    """An avatar of a person needs a recorded consent statement."""


class RenderFailed(LipwrightError):
    """Rendering stopped before the video was finished."""


class ModelUnavailable(RenderFailed):
    """A model file is missing or does not match its checksum."""


class SynthesisFailed(RenderFailed):
    """The voice produced no usable sound."""


class EncoderFailed(RenderFailed):
    """The encoder stopped before the video was finished."""


class OutputRejected(RenderFailed):
    """The finished video did not meet its own specification."""


class RenderCancelled(LipwrightError):
    """The render was cancelled."""
