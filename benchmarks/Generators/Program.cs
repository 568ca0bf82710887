using Moesaic.Benchmarks.Generators;

// What declarations cost a build. See benchmarks/README.md.
if (args is not [("build" or "compile" or "checkpoint") and var mode, var folder] || !Directory.Exists(Path.Combine(folder, "Mixtral")))
{
    Console.Error.WriteLine("usage: build src/Models        dotnet build with generators and analyzers, and without\n       compile src/Models      both inside a compiler, on 1 and on 100 models, and after an edit\n       checkpoint src/Models   the checkpoint check on an index of 100 000 tensors");
    return 2;
}

var mixtral = File.ReadAllText(Path.Combine(folder, "Mixtral", "Mixtral.cs"));
switch (mode)
{
    case "build":
        BuildBenchmark.Run(folder);
        break;
    case "compile":
        ModelsBenchmark.Warm(mixtral);
        foreach (var models in (int[])[1, 100])
        {
            ModelsBenchmark.Run(mixtral, models);
        }

        break;
    default:
        await CheckpointBenchmark.Run(mixtral);
        break;
}

return 0;
