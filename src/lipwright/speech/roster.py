"""Kokoro's voices: who they are, and the file of each one's style."""

from __future__ import annotations

from typing import Final, cast

from lipwright.models import Asset
from lipwright.speech.languages import Language
from lipwright.speech.voice import Gender, VoiceCard

_SOURCE: Final = "npm kokoro-js 1.2.1, voices/"

_ROSTER: Final = """
af_heart Heart female en-US 6d34e9e7f7a27b160a1575b6ca58ca72f1cc205ce527c2467fc577fde3889a9e
af_bella Bella female en-US 761c7103613180dcc353bdb9fe9ddc06a6086884344a1d111b0eb6d91f062034
af_alloy Alloy female en-US aae307d5781575f1303903e559c552a6a1988dd2f278f84297497e46b1214fb8
af_aoede Aoede female en-US fbf690795016c18f36a3af92b430ee6afcc8225533e528dad8447514acc60fce
af_jessica Jessica female en-US 1fb6cc665e5ef8c3903e968decdaef6ab908f10c9ef65ddb7eabacf40adcab28
af_kore Kore female en-US 2ab7f50dc4a8845fdd12b850e0bc342f10ec9c8b658c72002c803a105bcdd7cf
af_nova Nova female en-US 7532f7d3564aa56c461b3993601dbea63c773e51e163677ce393e05c0d18c75a
af_river River female en-US c23d9e97ead53369d2bbfbe2b0b4c61b4b0b8cef60dc9505766eaaa8e7fbd610
af_sarah Sarah female en-US d8ff6a48fd4f8ef64b8076d15cf70acbc4d1a283ef5734c3b2f078223066e436
af_sky Sky female en-US 0ee9eaeb8682ea6c993d694db445b0ba9e5c93ca619a65b7fa409b039d44912d
am_michael Michael male en-US 3460fc316b0033d8a324fed4927c01a7ab6755ff12fb5e6051532cdb5c5d5e1f
am_adam Adam male en-US b4e7e2e5763714a193a89728b8e6ea3462f636d1b5c17f8af24caf14d845d9f7
am_echo Echo male en-US 64676f285c343bf7e9c196272d6d5cf9d4fd6206fbe4b5aabf0dc2859f4b2024
am_eric Eric male en-US e1a843d052c027d530d15d2645529ef00db05cebe65795ad9b52c4361b54af06
am_fenrir Fenrir male en-US ab0ca6923d03c964b03cc057aee9924e825ea140d62313cf7d9e93da6b183c6c
am_liam Liam male en-US 7c0f83822d8ebfd78888bb9f3ff5a05c783992667c3a39bd0cc68867e77fe2af
am_onyx Onyx male en-US 251329bb3f04112c35809f78de7691b52f21a704e2b988a962a6e04ef0989741
am_puck Puck male en-US 93e008d9e699b7498a437ab34b74c3fa8a1aa98c9e643ebfbdb0be2151768c9a
am_santa Santa male en-US 23746fc8184660532a6546cd9bfac6d5f455d5d1f0229c9c90741ecbb436aa55
bf_emma Emma female en-GB 8c5588114f8483d1e0b8a681bd4cce481840465db81605bdbe7b8c7c1cb70a98
bf_alice Alice female en-GB cac7c9682dfb701e5c93a6a74245eab65f0651b309fed1eb1087233a3b851134
bf_isabella Isabella female en-GB 5b7ba1bf54e679bfad512f245c2282e5ba050de174b7eb32894c35d3a1aa4ab5
bf_lily Lily female en-GB bc878b43aca4c2d4f0d541b7938d485ce85670fa9ae4e9b92ceb8b9f76f02533
bm_george George male en-GB 62ed0e6235246ab16e52bc3ee3dca5b1a5fd9d37c82c2b5317c6fa64053cb167
bm_daniel Daniel male en-GB 632a5dc67f2e2f517cdd06d23727fe634ca875fbcfb8cc54aa207558428eca71
bm_fable Fable male en-GB e79d569ab82e550d67a69eb8e161cdd17287907357a905793028e6051f27cd78
bm_lewis Lewis male en-GB b0a4954bafeea027802d4afaa1f9fb4a202b9ffb02321402113ad7be58f93bb1
ef_dora Dora female es-ES 4e503ff808d1f90af8be014fc028c434ccd4c5d7b41645c92fc160c7fc8b1a2c
em_alex Alex male es-ES 66f265ef8d7488e17e0855215d4e018c750a9a64b5290210aaf6ea6917886b31
em_santa Noel male es-ES f7aca291261b31460ef47d43f1c79191f37dcd04cc19037df3c8ab5e39f394c5
ff_siwis Siwis female fr-FR 5ff447a2c5dc5421120aa842abedbc66dc8bdcff76012926dc790fce967d3922
if_sara Sara female it-IT 478ce321e816fd78a6b2d5585a2cbf3755da05faab615a71b008e9041cf4b895
im_nicola Nicola male it-IT 46a1e728c8f46c8f0cb8d3637a53d06db354bbd0ca89ec6ec1fd04f5f2d7b0dc
pf_dora Isadora female pt-BR 615b40fc6ce5652f3a465659d52873a7db6b2193567adaaad44d588cad6ae327
pm_alex Alexandre male pt-BR 40df8b4906676c9d6211861f31c517841b09685af8382fa7e2aea7d8560e5e7a
pm_santa Natal male pt-BR 3f1c9a33d2b549e57eb3a210f21b75db9d7b2f2d586b0d29ab5280173e37c561
jf_alpha Akari female ja-JP fcd30ae417a9300c093e18422f4512a4c4e8e1dc1d1ab5cefe30eff07b61703e
jf_gongitsune Gon female ja-JP 0a35902023ac4b18a4229083b3a68d0d2a97ad3fe6195fef293d1dd0490b360b
jf_nezumi Nezumi female ja-JP 1385cc9d41e1c094a12f1e403824ee32577e2ab6620ffc65025043bb2d0be9a4
jf_tebukuro Tebukuro female ja-JP 71c55c9c71ebd77ebf48f47f3f36359bb9556ee154c42370d8d7c540c437f005
jm_kumo Kumo male ja-JP 8a7359c16283712c996e7a51534b5fe30c0142f810e38f799d2a2056fe340446
"""
"""Name, display name, gender, language, SHA-256 of ``assets/voices/NAME.f16``.

Left out: af_nicole, who whispers; and the Hindi and Mandarin voices, whose words the bundled
recogniser does not understand well enough to say whether they are right.
"""


def _cards() -> tuple[dict[str, VoiceCard], dict[str, Asset]]:
    cards, styles = {}, {}
    for line in _ROSTER.strip().splitlines():
        name, display_name, gender, language, sha256 = line.split()
        cards[name] = VoiceCard(
            name, display_name, cast(Gender, gender), cast(Language, language), "kokoro"
        )
        styles[name] = Asset(f"voices/{name}.f16", sha256, "Apache-2.0", _SOURCE)
    return cards, styles


CARDS, STYLES = _cards()
"""By name, in the order in which they are shown: the default of each language first."""
