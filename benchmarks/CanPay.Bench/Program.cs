using System.Globalization;
using CanPay.Bench;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["load"]: // a process of the bench itself
        await LoadProcess.Serve(Console.In, Console.Out);
        return 0;
    case ["keeps-nothing"]: // another
        await KeepsNothing.Serve();
        return 0;
    case ["ha", .. var words]:
        return CanPay.Bench.Ha.HaBench.Run(words.Contains("quick"), [.. words.Where(word => word != "quick")]);
    default:
        return Run.All(args);
}
