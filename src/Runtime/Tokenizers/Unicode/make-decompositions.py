"""Writes DecompositionData.cs from Python's copy of the Unicode Character Database. Run it in this folder."""
import sys
import unicodedata

WIDTH = 130


def literal(entries):
    lines, line = [], ""
    for entry in entries:
        if len(line) + len(entry) > WIDTH:
            lines.append(line)
            line = ""
        line += entry + ";"
    lines.append(line)
    return " +\n".join(f'        "{line}"' for line in lines)


def decompositions():
    for code in range(0x110000):
        mapping = unicodedata.decomposition(chr(code)).split()
        if not mapping:
            continue
        if mapping[0].startswith("<"):
            kind, mapping = "~", mapping[1:]
        else:
            kind = "=" if unicodedata.normalize("NFC", chr(code)) == chr(code) else "!"
        yield f"{code:X}{kind}{' '.join(f'{int(part, 16):X}' for part in mapping)}"


def combining_classes():
    code = 0
    while code < 0x110000:
        first, value = code, unicodedata.combining(chr(code))
        while code < 0x110000 and unicodedata.combining(chr(code)) == value:
            code += 1
        if value:
            yield f"{first:X}-{code - 1:X}={value}"


with open("DecompositionData.cs", "w", encoding="utf-8", newline="\n") as file:
    file.write(f"""namespace Moesaic.Tokenizers.Unicode;

/// <summary>Written by make-decompositions.py from the Unicode Character Database, version {unicodedata.unidata_version}.</summary>
internal static class DecompositionData
{{
    /// <summary>Code point, kind and one step of its decomposition: = composes again, ! does not, ~ is for compatibility.</summary>
    internal const string Decompositions =
{literal(decompositions())};

    /// <summary>Ranges of code points and their canonical combining class, where it is not 0.</summary>
    internal const string CombiningClasses =
{literal(combining_classes())};
}}
""")
