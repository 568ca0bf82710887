namespace Moesaic.Tokenizers.Unicode;

/// <summary>The printable character that stands for each byte in a byte-level vocabulary: the space is Ġ, the newline Ċ.</summary>
internal static class ByteAlphabet
{
    private static readonly char[] Characters = CreateCharacters();
    private static readonly short[] Bytes = CreateBytes();

    internal static char CharacterOf(byte value) => Characters[value];

    /// <summary>The byte that a character stands for; -1 if it stands for none.</summary>
    internal static int ByteOf(char character) => character < Bytes.Length ? Bytes[character] : -1;

    /// <summary>What Latin-1 prints stands for itself; the others, in order, are the characters from U+0100 on.</summary>
    private static char[] CreateCharacters()
    {
        var characters = new char[256];
        var next = 0x100;
        for (var value = 0; value < characters.Length; value++)
        {
            characters[value] = (char)(value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE ? value : next++);
        }

        return characters;
    }

    private static short[] CreateBytes()
    {
        var bytes = new short[Characters.Max() + 1];
        Array.Fill(bytes, (short)-1);
        for (var value = 0; value < Characters.Length; value++)
        {
            bytes[Characters[value]] = (short)value;
        }

        return bytes;
    }
}
