namespace CanPay.Bench;

/// <summary>The ISO 8583 codec beside two others, on one core, by CPU time.</summary>
internal static class CodecFigures
{
    public static void Take(Suite suite)
    {
        var folder = Path.Combine(Machine.Root, "artifacts", "iso8583-judge");
        var codec = new CodecRounds(suite.Machine, File.Exists(Path.Combine(folder, "installed")) ? folder : null);
        List<Contender> contenders =
        [
            new("codec: ours", () => codec.Ours(1)), new("codec: dictionary", () => codec.Dictionary(1)),
        ];
        if (codec.HasNode)
        {
            contenders.Add(new("codec: iso_8583", () => codec.Node(1)));
        }

        Rounds.Alternate(2, contenders); // warm
        var samples = Rounds.Alternate(Math.Max(3, suite.Plan.Rounds), contenders);
        var ours = samples["codec: ours"].Median();
        suite.Report.Ratio("codec_ratio", "encode + decode / a dictionary of strings", ours, samples["codec: dictionary"].Median(), 8);
        suite.Report.Value("codec_alloc", "bytes allocated for one encode + decode", codec.Allocated, " B", atMost: 0);
        if (codec.HasNode)
        {
            suite.Report.Ratio("codec_node_ratio", "the same / npm iso_8583 on node", ours, samples["codec: iso_8583"].Median(), 100);
        }
        else
        {
            suite.Report.Note("iso_8583 was not measured: node is not installed.");
        }
    }
}
