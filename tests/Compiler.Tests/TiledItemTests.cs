namespace Moesaic.Kernels.Tests;

/// <summary>The order in which blocks take the work of a tiled product.</summary>
public sealed class TiledItemTests
{
    private const int BlockColumns = 128;

    [Theory]
    [InlineData(1, 3, 16)]
    [InlineData(2, 6, 1)]
    [InlineData(3, 6, 4)]
    [InlineData(4, 1, 2)]
    public void Of_NamesEachTileWithEachBlockOfColumnsOnce(int seed, int columnBlocks, int group)
    {
        var counts = Counts(seed);
        var items = Items(counts, columnBlocks, group);
        var expected =
            from tile in Tiles(counts)
            from block in Enumerable.Range(0, columnBlocks)
            select (tile.Expert, tile.Begin, Count: tile.End - tile.Begin, Column: block * BlockColumns);
        Assert.Equal(expected.Order(), items.Order());
    }

    [Theory]
    [InlineData(5, 4)]
    [InlineData(6, 16)]
    public void Of_TakesTheTilesOfAGroupBeforeOtherColumns(int seed, int group)
    {
        const int columnBlocks = 5;
        var counts = Counts(seed);
        foreach (var expert in Items(counts, columnBlocks, group).GroupBy(static item => item.Expert))
        {
            // Runs of the same columns are as long as the expert's groups, which differ by one at most.
            var runs = new List<int>();
            var before = -1;
            foreach (var item in expert)
            {
                if (item.Column != before)
                {
                    runs.Add(0);
                }

                (before, runs[^1]) = (item.Column, runs[^1] + 1);
            }

            var groups = (counts[expert.Key] + group - 1) / group;
            Assert.Equal(groups * columnBlocks, runs.Count);
            Assert.InRange(runs.Max() - runs.Min(), 0, 1);
            Assert.InRange(runs.Max(), 1, group);
        }
    }

    [Fact]
    public void Of_MovesTheLastBlockBackToBeFull()
    {
        var tiles = Memory([1]);
        var last = TiledItem.Of<SoloBlock>(CpuGrid.Address(tiles), index: 2, columnBlocks: 3, group: 16, BlockColumns, width: 300);
        Assert.Equal(300 - BlockColumns, last.Column);
    }

    /// <summary>Tiles that each expert has.</summary>
    private static int[] Counts(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, 12).Select(_ => random.Next(0, 40))];
    }

    private static IEnumerable<(int Expert, int Begin, int End)> Tiles(int[] counts) =>
        counts.SelectMany(static (count, expert) => Enumerable.Repeat(expert, count)).Select(static (expert, i) => (expert, 100 * i, (100 * i) + 1 + (i % 99)));

    private static List<(int Expert, int Begin, int Count, int Column)> Items(int[] counts, int columnBlocks, int group)
    {
        var tiles = Memory(counts);
        return
        [
            .. Enumerable.Range(0, counts.Sum() * columnBlocks)
                .Select(index => TiledItem.Of<SoloBlock>(CpuGrid.Address(tiles), index, columnBlocks, group, BlockColumns, columnBlocks * BlockColumns))
                .Select(static item => (item.Expert, item.Begin, item.Count, item.Column)),
        ];
    }

    private static int[] Memory(int[] counts)
    {
        var tiles = CpuGrid.Pinned(4 * counts.Sum(), 0);
        var numbers = counts.SelectMany(static count => Enumerable.Range(0, count).Select(number => (number, count)));
        foreach (var (i, ((expert, begin, end), (number, count))) in Tiles(counts).Zip(numbers).Index())
        {
            new RouteTile { Expert = expert, Begin = begin, End = end, Number = number, Count = count }.Store(CpuGrid.Address(tiles), i);
        }

        return tiles;
    }
}
