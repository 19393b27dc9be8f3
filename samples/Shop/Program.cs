namespace CanPay.Samples.Shop;

internal static class Program
{
    public static async Task Main(string[] args) => await WebApplication.CreateSlimBuilder(args).Build().RunAsync();
}
