"""Encode: frames and samples become a video file, written beside and renamed."""

from lipwright.encode.formats import check_encoders
from lipwright.encode.joining import SEGMENT_S, join, paired_segments, segments
from lipwright.encode.mastering import mastered
from lipwright.encode.music import MusicBed, check_track, music_beds, music_path
from lipwright.encode.spoken import write_mp3
from lipwright.encode.stills import write_picture, write_thumbnail
from lipwright.encode.writer import write_video

__all__ = [
    "SEGMENT_S",
    "MusicBed",
    "check_encoders",
    "check_track",
    "join",
    "mastered",
    "music_beds",
    "music_path",
    "paired_segments",
    "segments",
    "write_mp3",
    "write_picture",
    "write_thumbnail",
    "write_video",
]
