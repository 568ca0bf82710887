"""Writes CanonicalData.cs and CompatibilityData.cs from Python's copy of the Unicode Character Database. Run it in this folder."""
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


def decompositions(compatible):
    for code in range(0x110000):
        mapping = unicodedata.decomposition(chr(code)).split()
        if not mapping or mapping[0].startswith("<") != compatible:
            continue
        mapping = mapping[1:] if compatible else mapping
        composes = not compatible and unicodedata.normalize("NFC", chr(code)) == chr(code)
        yield f"{code:X}{'=' if composes else '!'}{' '.join(f'{int(part, 16):X}' for part in mapping)}"


def combining_classes():
    code = 0
    while code < 0x110000:
        first, value = code, unicodedata.combining(chr(code))
        while code < 0x110000 and unicodedata.combining(chr(code)) == value:
            code += 1
        if value:
            yield f"{first:X}-{code - 1:X}={value}"


def write(name, **tables):
    members = "\n\n".join(f"    internal const string {member} =\n{literal(entries)};" for member, entries in tables.items())
    with open(f"{name}.cs", "w", encoding="utf-8", newline="\n") as file:
        file.write(f"""namespace Moesaic.Tokenizers.Unicode;

/// <summary>Written by make-decompositions.py from the Unicode Character Database, version {unicodedata.unidata_version}.</summary>
/// <remarks>Code points and one step of their decomposition, = if it composes again; ranges and their combining class.</remarks>
internal static class {name}
{{
{members}
}}
""")


write("CanonicalData", Decompositions=decompositions(compatible=False), CombiningClasses=combining_classes())
write("CompatibilityData", Decompositions=decompositions(compatible=True))
