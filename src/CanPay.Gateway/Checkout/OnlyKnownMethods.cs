using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace CanPay.Gateway.Checkout;

/// <summary>A page that is asked by a method that it does not have would be rendered all the same, of nothing: 405 instead.</summary>
internal sealed class OnlyKnownMethods : IPageFilter, IOrderedFilter
{
    /// <summary>Before the framework's own, which says yes to every OPTIONS.</summary>
    public int Order => int.MinValue;

    public void OnPageHandlerSelected(PageHandlerSelectedContext context)
    {
    }

    public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        if (context.HandlerMethod is null)
        {
            context.HttpContext.Response.Headers.Allow = string.Join(
                ", ", context.ActionDescriptor.HandlerMethods.Select(handler => handler.HttpMethod.ToUpperInvariant()).Distinct(StringComparer.Ordinal));
            context.Result = new StatusCodeResult(StatusCodes.Status405MethodNotAllowed);
        }
    }

    public void OnPageHandlerExecuted(PageHandlerExecutedContext context)
    {
    }
}
