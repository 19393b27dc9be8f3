namespace CanPay.Bench;

internal static class GrowthFigure
{
    public static void Take(Suite suite)
    {
    }
}
