"""Which files a till needs. PyInstaller brings whatever a module could ever load; most of Qt is left out.

A file is named as it lies in the bundle, with slashes.
"""

import re

# Modules that nothing of ours imports, so that no hook brings what belongs to them.
EXCLUDED_MODULES = [
    "tkinter",
    "PySide6.QtQml",
    "PySide6.QtQuick",
    "PySide6.QtQuickWidgets",
    # QtCharts and QtGui are said to need them, and work without: what links to their Qt libraries is C++.
    "PySide6.QtOpenGL",
    "PySide6.QtOpenGLWidgets",
    "PySide6.QtDBus",
    "PySide6.QtConcurrent",
    "PySide6.QtPdf",
    "PySide6.QtPdfWidgets",
    "PySide6.QtSql",
    "PySide6.QtWebEngineCore",
    "PySide6.QtWebEngineWidgets",
    "pip",
    "setuptools",
    "numpy",
    "pandas",
    "IPython",
    "pytest",
]

_UNWANTED = re.compile(
    "|".join(
        (
            # Our sounds are plain WAV files; decoders of films are 30 MB.
            r"PySide6/(?:Qt/)?plugins/multimedia/",
            r"(?:^|/)(?:lib)?(?:avcodec|avformat|avutil|swscale|swresample)",
            # Platforms without a window of their own, touch keyboards, themes of desktops, 3D, network log-ins.
            r"plugins/platforms/(?:lib)?q(?:vnc|linuxfb|eglfs|vkkhrdisplay|webgl|minimalegl|minimal|direct2d)",
            r"plugins/(?:platforminputcontexts/.*virtualkeyboard|egldeviceintegrations|generic|networkinformation|tls"
            r"|sqldrivers|position|webview|designer|qmltooling|geoservices|canbus|sensors|texttospeech|renderers"
            r"|sceneparsers|geometryloaders|assetimporters|scxmldatamodel|webengine|help)",
            r"(?:^|/)(?:lib)?Qt6(?:Qml|Quick|Pdf|VirtualKeyboard|EglFS|EglFs|MultimediaWidgets|FFmpegStub|WlShell|Sql|3D|Web|Designer|Labs|Lottie)",
            # Every picture of ours is SVG, an icon or PNG, which QtGui itself reads.
            r"plugins/imageformats/(?:lib)?q(?:jpeg|pdf|tga|tiff|wbmp|webp|icns|gif)",
            r"QtMultimediaWidgets|platformthemes/libqgtk3|opengl32sw|d3dcompiler",
            # Qt's own translations of the languages that the till does not speak.
            r"translations/(?!qt(?:base)?_(?:fr|en)\.qm)",
            r"\.pyi$|/typesystems/|/glue/|/metatypes/|/include/",
        )
    )
)


# What comes from Debian is declared in the .deb instead, so that its security updates reach the till; but what the
# ledger is written with is what was tested.
_SYSTEM = re.compile(r"/(?:usr/)?lib/(?!python3)")  # Debian's own Python keeps its modules there: they are carried
_CARRIED = re.compile(r"lib(?:python|sqlite3|ffi|bz2|lzma|z|expat|uuid|mpdec)[.0-9-]")


def is_of_the_system(name: str, source: str) -> bool:
    """Whether a library on Linux is left to the system's packages."""
    file = name.rpartition("/")[2]
    return _SYSTEM.match(source) is not None and _CARRIED.match(file) is None and ".so" in file


def is_needed(name: str) -> bool:
    """Whether the file of this name belongs into the bundle."""
    return _UNWANTED.search(name.replace("\\", "/")) is None
