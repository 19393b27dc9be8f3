using CanPay.Fuzz;
using CanPay.Fuzz.Engine;

Coverage.Open();
return await Commands.Root().Parse(args).InvokeAsync();
