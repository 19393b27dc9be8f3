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
    default:
        return Run.All(args);
}
