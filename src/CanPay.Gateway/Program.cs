namespace CanPay.Gateway;

internal static class Program
{
    public static async Task Main(string[] args) => await WebApplication.CreateSlimBuilder(args).Build().RunAsync();
}
