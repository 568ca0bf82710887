namespace Moesaic;

/// <summary>One layer of a decoder: it reads the residual stream and adds to it.</summary>
public abstract class DecoderLayer : SequenceModule;
