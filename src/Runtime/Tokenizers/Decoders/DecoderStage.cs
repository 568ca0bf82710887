namespace Moesaic.Tokenizers.Decoders;

/// <summary>One sequence on its way through one decoder.</summary>
/// <remarks>
/// A stage passes on what is certain and holds back what later fragments may change. Whole and streamed decoding run the
/// same stages, which is why they cannot differ.
/// </remarks>
internal abstract class DecoderStage
{
    internal abstract void Push(Fragment fragment);

    /// <summary>Passes on what is held back: nothing follows.</summary>
    internal abstract void Finish();
}
