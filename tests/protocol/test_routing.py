"""Requests are routed, and sentences that merely contain the word go to the agent."""

import time

import pytest

from nemo_widgets.protocol.routing import route

EXPORT = """export · Export · EXPORT! · export it · export the video · export 1080p MP4 · export as mp4 · export in 720p
please export · can you export this? · download · download it · download the final video · send me the video
Send me the video, please · ok, export · export this clip as MP4 in 1080p · export to mov
now download the clip · could you send me the clip · export mp4 1080p please · save the video
give me the file · export the video in full HD · export my project · export the timeline · let's export
i'd like to download the video · export now · 导出 · 请导出 · 导出视频 · 导出 720p · 导出720p · 导出MP4
导出1080p的MP4 · 帮我导出视频 · 下载 · 下载视频 · 把视频发给我 · 把这个视频导出 · 导出吧 · 导出一下
发给我视频 · 请帮我下载成片 · 导出。 · 现在导出，谢谢"""
CREDITS = """credits · Credits? · balance · my balance · show my credits · check credits · check my balance
how many credits do I have left? · how many credits do I have · how many credits are left
what's my balance · what is my credit balance · show me the balance please · credits left
remaining credits · do i have credits left? · how much credit do i have · 积分 · 余额 · 我的积分 · 查看余额
还剩多少积分 · 我还有多少积分？ · 查一下余额吧 · 剩余积分 · 积分还有多少 · 余额多少"""
STATE = """status · Status? · state · show tracks · show the tracks · list tracks · show me the timeline
what's the status · what is the project status · check status · show status · tracks
what's on the timeline? · show the current state · timeline · 状态 · 查看状态 · 显示轨道 · 看看时间线
当前状态 · 项目状态 · 状态怎么样？ · 列出所有轨道 · 请查看状态"""
UPLOAD = """upload · upload a file · upload this video · Upload some footage please · upload music · upload my photos
上传 · 上传文件 · 上传视频 · 我要上传素材 · 请上传图片"""
CHAT = """a lobby with an export office sign · a dancer keeping her balance on a beam
make a clip about status anxiety · a train on parallel tracks · add credits at the end
roll the end credits · add a title "Export" · export quality coffee, slow motion
show a status light blinking red · download speeds racing through a cable
a cargo ship full of export goods at sunset · a balance scale in a courtroom
the state of California from above · show tracks in the snow · a timeline of the universe
upload of a mind into a machine · a clip about uploading consciousness · save the whales
save the planet, a 10 s clip · send me to the moon · give me the chills: a horror clip
make the balance of the colours warmer · balance the audio · send the video through a portal
export the feeling of summer · credits roll over a city at night · a balanced breakfast
make it look better · add lo-fi music · a 10-second cinematic clip of a futuristic city at night
shorten it to 5 s · status quo, but as a cartoon · what's the state of the art? show it as an animation
add the word status as title · the timeline of a flower blooming · tracks of a wolf at dawn
download festival crowd, wide shot · hello · 导出口贸易的集装箱码头 · 一个进出口公司的大楼
积分榜上的球队庆祝 · 天平保持平衡 · 做一个关于社会状态的短片 · 上传意识到云端的科幻短片 · 火车在轨道上飞驰
把标题改成"导出" · 余额宝广告风格的短片 · 下载中的进度条动画 · 城市夜景"""


def sentences(table: str) -> list[str]:
    return [sentence.strip() for line in table.splitlines() for sentence in line.split(" · ")]


@pytest.mark.parametrize(
    ("sentence", "action"),
    [
        (sentence, action)
        for action, table in {
            "export": EXPORT,
            "credits": CREDITS,
            "state": STATE,
            "upload": UPLOAD,
            "chat": CHAT,
        }.items()
        for sentence in sentences(table)
    ],
)
def test_a_sentence_goes_where_its_writer_meant(sentence: str, action: str) -> None:
    assert route(sentence).action == action
    assert route(f"  {sentence} ").text == sentence


@pytest.mark.parametrize(
    ("sentence", "resolution", "kind"),
    [
        ("export 1080p MP4", "1080p", "mp4"),
        ("export as mp4 in 720p", "720p", "mp4"),
        ("导出 720p", "720p", None),
        ("导出1080p的MP4", "1080p", "mp4"),
        ("export to mov", None, "mov"),
        ("export in 4K", "2160p", None),
        ("export the video in full HD", "1080p", None),
        ("export", None, None),
    ],
)
def test_what_an_export_asks_for_is_understood(sentence: str, resolution: str | None, kind: str | None) -> None:
    request = route(sentence)
    assert (request.action, request.resolution, request.format) == ("export", resolution, kind)


@pytest.mark.parametrize(
    ("sentence", "sources"),
    [
        ("upload beach.mp4", ("beach.mp4",)),
        ("upload a.mov and https://example.com/b.png", ("a.mov", "https://example.com/b.png")),
        ('upload "my clip.mov"', ("my clip.mov",)),
        ("上传 海边.mp4", ("海边.mp4",)),
        ("upload", ()),
    ],
)
def test_the_files_of_an_upload_are_found(sentence: str, sources: tuple[str, ...]) -> None:
    request = route(sentence)
    assert (request.action, request.sources) == ("upload", sources)


@pytest.mark.parametrize(
    "sentence",
    [
        "export " * 40,
        "please " * 42,
        "导出" * 140,
        "导出 1080p " * 30,
        "my credits " * 27 + "x",
        "我想看看" * 70,
        "查一下" * 90,
    ],
)
def test_a_hostile_sentence_is_decided_at_once(sentence: str) -> None:
    began = time.perf_counter()
    route(sentence)
    assert time.perf_counter() - began < 1
