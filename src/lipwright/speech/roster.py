"""Kokoro's voices: who they are, and the file of each one's style."""

from __future__ import annotations

from typing import Final, cast

from lipwright.models import Asset
from lipwright.speech.voice import Gender, VoiceCard

_SOURCE: Final = "npm kokoro-js 1.2.1, voices/"

ROSTER: Final = """
af_heart Heart female en-US 0.5 6d34e9e7f7a27b160a1575b6ca58ca72f1cc205ce527c2467fc577fde3889a9e
af_bella Bella female en-US 0.0 761c7103613180dcc353bdb9fe9ddc06a6086884344a1d111b0eb6d91f062034
af_alloy Alloy female en-US 0.0 aae307d5781575f1303903e559c552a6a1988dd2f278f84297497e46b1214fb8
af_aoede Aoede female en-US 1.6 fbf690795016c18f36a3af92b430ee6afcc8225533e528dad8447514acc60fce
af_kore Kore female en-US 0.0 2ab7f50dc4a8845fdd12b850e0bc342f10ec9c8b658c72002c803a105bcdd7cf
af_sarah Sarah female en-US 0.5 d8ff6a48fd4f8ef64b8076d15cf70acbc4d1a283ef5734c3b2f078223066e436
am_michael Michael male en-US 0.0 3460fc316b0033d8a324fed4927c01a7ab6755ff12fb5e6051532cdb5c5d5e1f
am_fenrir Fenrir male en-US 0.0 ab0ca6923d03c964b03cc057aee9924e825ea140d62313cf7d9e93da6b183c6c
am_puck Puck male en-US 0.5 93e008d9e699b7498a437ab34b74c3fa8a1aa98c9e643ebfbdb0be2151768c9a
bf_emma Emma female en-GB 0.5 8c5588114f8483d1e0b8a681bd4cce481840465db81605bdbe7b8c7c1cb70a98
bf_isabella Isabella female en-GB 0.0 5b7ba1bf54e679bfad512f245c2282e5ba050de174b7eb32894c35d3a1aa4ab5
bm_george George male en-GB 0.5 62ed0e6235246ab16e52bc3ee3dca5b1a5fd9d37c82c2b5317c6fa64053cb167
bm_fable Fable male en-GB 1.1 e79d569ab82e550d67a69eb8e161cdd17287907357a905793028e6051f27cd78
bm_lewis Lewis male en-GB 0.5 b0a4954bafeea027802d4afaa1f9fb4a202b9ffb02321402113ad7be58f93bb1
ef_dora Dora female es-ES 1.9 4e503ff808d1f90af8be014fc028c434ccd4c5d7b41645c92fc160c7fc8b1a2c
em_alex Alex male es-ES 3.2 66f265ef8d7488e17e0855215d4e018c750a9a64b5290210aaf6ea6917886b31
em_santa Noel male es-ES 1.9 f7aca291261b31460ef47d43f1c79191f37dcd04cc19037df3c8ab5e39f394c5
ff_siwis Siwis female fr-FR 3.0 5ff447a2c5dc5421120aa842abedbc66dc8bdcff76012926dc790fce967d3922
if_sara Sara female it-IT 4.0 478ce321e816fd78a6b2d5585a2cbf3755da05faab615a71b008e9041cf4b895
pf_dora Isadora female pt-BR 1.3 615b40fc6ce5652f3a465659d52873a7db6b2193567adaaad44d588cad6ae327
pm_alex Alexandre male pt-BR 2.6 40df8b4906676c9d6211861f31c517841b09685af8382fa7e2aea7d8560e5e7a
jf_alpha Akari female ja-JP 2.1 fcd30ae417a9300c093e18422f4512a4c4e8e1dc1d1ab5cefe30eff07b61703e
jm_kumo Kumo male ja-JP 4.3 8a7359c16283712c996e7a51534b5fe30c0142f810e38f799d2a2056fe340446
zf_xiaoxiao Xiaoxiao female zh-CN 3.9 5f64f52e17c166a32d1702fff43db110c46b306d1c121e9bd65711c7f5e0d6d5
zf_xiaoyi Xiaoyi female zh-CN 2.6 dc60933f199de6df4cd73c5f647f1b60b8f0388c69fa28a9cdacf8066522417f
zf_xiaobei Xiaobei female zh-CN 3.4 a6e0bd1bc62e31b4b95908fb762634de9d48eb12a6b6896c36940d6473e428d7
zm_yunxi Yunxi male zh-CN 4.3 617b48f17fecaa4c9a9aa5c179e3836c134a1615d9de336b33f543238efb0c10
zm_yunjian Yunjian male zh-CN 3.4 2072696f9260e155d54593e5ab1ef340a61b06e518a1c1c89ced2ea7761a13a3
zm_yunxia Yunxia male zh-CN 3.0 4dd0e6fb356ee6cd774749d821a36941d05abcf302322d02a8f954d0d757ff51
"""  # noqa: E501 - hashes are long
"""Name, display name, gender, language, percent of its words that are not understood, and SHA-256
of ``assets/voices/NAME.f16``.

The words are counted by ``lipwright bench words``; at most 6 % are allowed.  Left out: af_nicole,
who whispers; im_nicola (11 %), zm_yunyang (7 %) and zf_xiaoni (49 %); the Hindi voices, see
docs/quality.md; and voices that their authors grade low and that were not measured.
"""


def _cards() -> tuple[dict[str, VoiceCard], dict[str, Asset]]:
    cards, styles = {}, {}
    for line in ROSTER.strip().splitlines():
        name, display_name, gender, language, _, sha256 = line.split()
        cards[name] = VoiceCard(name, display_name, cast(Gender, gender), language, "kokoro")
        styles[name] = Asset(f"voices/{name}.f16", sha256, "Apache-2.0", _SOURCE)
    return cards, styles


CARDS, STYLES = _cards()
"""By name, in the order in which they are shown: the default of each language first."""
