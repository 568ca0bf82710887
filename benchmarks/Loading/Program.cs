using Moesaic.Benchmarks.Loading;

// What loading costs. Each figure is of a process of its own; see benchmarks/README.md.
switch (args)
{
    case ["memory", var gigabytes, var dtype]:
        return MemoryBenchmark.Run(double.Parse(gigabytes, System.Globalization.CultureInfo.InvariantCulture), dtype);
    case ["start"]:
        return StartBenchmark.Run();
    case ["child", .. var job]:
        return Child.Run(job);
    default:
        Console.Error.WriteLine("usage: memory GIGABYTES float32|bfloat16   peak memory of loading a synthetic Mixtral\n       start                               time to the first token of the sample model");
        return 2;
}
