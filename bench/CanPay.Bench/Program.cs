using System.Globalization;
using CanPay.Bench;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
if (args is ["load", var port, var kind, var clients, var warmUp, var seconds])
{
    var generator = new LoadGenerator(
        int.Parse(port, CultureInfo.InvariantCulture),
        Enum.Parse<LoadKind>(kind),
        double.Parse(warmUp, CultureInfo.InvariantCulture),
        double.Parse(seconds, CultureInfo.InvariantCulture));
    Console.WriteLine((await generator.Run(int.Parse(clients, CultureInfo.InvariantCulture))).ToJson());
    return 0;
}

if (args is ["ha", ..])
{
    return CanPay.Bench.Ha.HaBench.Run(args.Contains("quick"), [.. args.Skip(1).Where(arg => arg != "quick")]);
}

return Suite.Run(isQuick: args.Contains("quick"), only: args.FirstOrDefault(arg => arg.StartsWith("only=", StringComparison.Ordinal))?[5..]);
