using CanPay.Client;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CanPay.Samples.Shop.Pages;

internal sealed class CheckoutModel(Payments payments, Orders orders) : PageModel
{
    public Product? Product { get; private set; }

    public string? Problem { get; private set; }

    public IActionResult OnGet(string id)
    {
        Product = Product.Find(id);
        return Product is null ? NotFound() : Page();
    }

    public async Task<IActionResult> OnPost(string id, string? mobile, CancellationToken ct)
    {
        Product = Product.Find(id);
        if (Product is null)
        {
            return NotFound();
        }

        try
        {
            var order = orders.Create(Browser.Id(HttpContext), Product);
            var page = await payments.Begin(order, string.IsNullOrWhiteSpace(mobile) ? null : mobile.Trim(), ct);
            Response.Headers.Location = page.AbsoluteUri;
            return StatusCode(StatusCodes.Status303SeeOther);
        }
        catch (CanPayRefusedException e)
        {
            Problem = $"{e.GatewayMessage} {e.Description}";
        }
        catch (CanPayUnavailableException)
        {
            Problem = "درگاه پرداخت اکنون در دسترس نیست. چند لحظهٔ دیگر دوباره تلاش کنید.";
        }

        return Page();
    }
}
