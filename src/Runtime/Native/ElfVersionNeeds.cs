using System.Buffers.Binary;
using System.Text;

namespace Moesaic.Native;

/// <summary>Edits the symbol versions that a 64-bit little-endian ELF library needs (section .gnu.version_r).</summary>
/// <remarks>
/// TorchSharp 0.107.0's library asks for GLIBCXX_3.4.32 (GCC 13), which Debian 12 and Ubuntu 22.04 lack. The only symbol
/// of that version, <c>ios_base_library_init</c>, is never relocated, so the loader may treat the need as weak:
/// two bytes in the entry's flags. Layout: System V ABI, "Symbol Versioning"; Elf64_Verneed and Elf64_Vernaux.
/// </remarks>
internal static class ElfVersionNeeds
{
    private const uint SectionTypeVersionNeeds = 0x6ffffffe; // SHT_GNU_verneed
    private const ushort FlagWeak = 0x2; // VER_FLG_WEAK

    /// <summary>Marks every need for <paramref name="version"/> as weak, in place. Returns how many there were.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such library, or are cut short.</exception>
    internal static int Weaken(Span<byte> elf, string version)
    {
        try
        {
            return WeakenCore(elf, version);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new InvalidDataException("the library is cut short", e);
        }
    }

    private static int WeakenCore(Span<byte> elf, string version)
    {
        if (!elf.StartsWith("\u007fELF\u0002\u0001"u8))
        {
            throw new InvalidDataException("not a 64-bit little-endian ELF library");
        }

        var sections = (int)BinaryPrimitives.ReadInt64LittleEndian(elf[0x28..]);
        var sectionSize = BinaryPrimitives.ReadUInt16LittleEndian(elf[0x3A..]);
        var sectionCount = BinaryPrimitives.ReadUInt16LittleEndian(elf[0x3C..]);
        var weakened = 0;
        for (var i = 0; i < sectionCount; i++)
        {
            var section = elf[(sections + (i * sectionSize))..];
            if (BinaryPrimitives.ReadUInt32LittleEndian(section[4..]) != SectionTypeVersionNeeds)
            {
                continue;
            }

            var offset = (int)BinaryPrimitives.ReadInt64LittleEndian(section[24..]);
            var link = (int)BinaryPrimitives.ReadUInt32LittleEndian(section[40..]);
            var names = elf[(int)BinaryPrimitives.ReadInt64LittleEndian(elf[(sections + (link * sectionSize) + 24)..])..];
            weakened += WeakenNeeds(elf[offset..], names, Encoding.ASCII.GetBytes(version));
        }

        return weakened;
    }

    private static int WeakenNeeds(Span<byte> need, ReadOnlySpan<byte> names, ReadOnlySpan<byte> version)
    {
        var weakened = 0;
        while (true)
        {
            var count = BinaryPrimitives.ReadUInt16LittleEndian(need[2..]);
            var entry = need[(int)BinaryPrimitives.ReadUInt32LittleEndian(need[8..])..];
            for (var k = 0; k < count; k++)
            {
                var name = names[(int)BinaryPrimitives.ReadUInt32LittleEndian(entry[8..])..];
                if (name[..name.IndexOf((byte)0)].SequenceEqual(version))
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(entry[4..], (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(entry[4..]) | FlagWeak));
                    weakened++;
                }

                entry = entry[(int)BinaryPrimitives.ReadUInt32LittleEndian(entry[12..])..];
            }

            var next = (int)BinaryPrimitives.ReadUInt32LittleEndian(need[12..]);
            if (next == 0)
            {
                return weakened;
            }

            need = need[next..];
        }
    }
}
