using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CanPay.Samples.Shop.Pages;

internal sealed class ReceiptModel(Orders orders) : PageModel
{
    public Order? Order { get; private set; }

    public IActionResult OnGet(string key)
    {
        Order = orders.ByKey(key);
        return Order is null ? NotFound() : Page();
    }
}
