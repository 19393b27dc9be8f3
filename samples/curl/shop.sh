#!/usr/bin/env bash
# درگاه CanPay با bash و curl و jq: همان گام‌های یک فروشگاه، از خط فرمان.
#
# The steps of a shop from the command line. What your web server does with the callback, you do here by hand.
#
#   ./shop.sh pay                    begins a payment, prints where to send the payer
#   ./shop.sh callback FIELDS        what the payer's browser brought: success=1&token=…&amount=…&invoice_id=…
#   ./shop.sh status INVOICE         asks the gateway, if it is not decided
#   ./shop.sh settle                 all orders; from cron, each minute
set -euo pipefail

gateway=${CANPAY_URL:-http://127.0.0.1:5080}
merchant=${CANPAY_MERCHANT:-111-222-333-444}
shop=${SHOP_URL:-http://127.0.0.1:5090}
data=${SHOP_DATA:-data}
price=150000 # whole rials, not toman

mkdir -p "$data/orders" "$data/paid"

# ask OPERATION JSON: repeating is safe for token and verify. Prints nothing where there is no usable answer.
ask() {
  local attempt out code body answer=
  for attempt in 0 1 2; do
    [ "$attempt" = 0 ] || sleep "0.$((attempt * 3))"
    out=$(curl --silent --connect-timeout 5 --max-time 15 --write-out '\n%{http_code}' \
      --header 'Content-Type: application/json' --data-binary "$2" "${gateway%/}/api/ipg/$1") || continue
    code=${out##*$'\n'} body=${out%$'\n'*}
    # The length first: of nothing at all jq 1.6 says with -e that it is true.
    [ -n "$body" ] && jq -e '.status | type == "boolean"' <<<"$body" >/dev/null 2>&1 || continue
    answer=$body
    if [ "$code" -lt 500 ] && [ "$code" != 429 ]; then break; fi
  done
  printf '%s' "$answer"
}

save() { # INVOICE JSON: whoever reads sees the old or the new one, never a half
  local draft
  draft=$(mktemp "$data/draft.XXXXXXXX")
  printf '%s' "$2" >"$draft"
  mv -f "$draft" "$data/orders/$1"
}

# The number comes from outside: it must not become another file's name.
known() { [[ $1 =~ ^[0-9a-f]{24}$ ]] && [ -f "$data/orders/$1" ]; }

# mark_paid INVOICE TEXT: succeeds for exactly one caller, however many come at once: a link to a name that exists fails.
mark_paid() {
  local draft first=0
  draft=$(mktemp "$data/draft.XXXXXXXX")
  printf '%s' "$2" >"$draft"
  ln -T "$draft" "$data/paid/$1" 2>/dev/null || first=1
  rm -f "$draft"
  [ -f "$data/paid/$1" ] && return $first
}

deliver() { printf '%s %s\n' "$1" "$2" >>"$data/delivered.log"; }

# settle INVOICE: asks the gateway what became of an order, and prints it. May be called at any time, any number of times.
settle() {
  local order status answer
  if [ -f "$data/paid/$1" ]; then echo paid; return; fi
  order=$(<"$data/orders/$1")
  status=$(jq -r .status <<<"$order")
  if [ "$status" != open ] || [ "$(jq -r .token <<<"$order")" = null ]; then echo "$status"; return; fi
  # With the amount: should the payment be of another one, nothing is verified.
  answer=$(ask verify "$(jq --arg merchant "$merchant" '{$merchant, token, amount}' <<<"$order")")
  if [ -z "$answer" ]; then echo unknown; return; fi
  if jq -e --argjson order "$order" \
    '.status and .data.invoice_id == $order.invoice_id and .data.amount == $order.amount' <<<"$answer" >/dev/null; then
    status=$(jq -r .data.reference <<<"$answer")
    if mark_paid "$1" "$answer"; then deliver "$1" "$status"; fi
    echo paid
    return
  fi
  case $(jq -r '.error // ""' <<<"$answer") in
    payment_not_paid) echo open; return ;;
    payment_cancelled) status=cancelled ;;
    payment_failed | payment_expired | payment_returned) status=failed ;;
    *) echo unknown; return ;; # it says nothing of the payment: ask again later, deliver nothing
  esac
  save "$1" "$(jq --arg status "$status" '.status = $status' <<<"$order")"
  echo "$status"
}

pay() {
  local invoice order answer
  invoice=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
  order=$(jq -n --arg invoice_id "$invoice" --argjson amount "$price" '{$invoice_id, $amount, token: null, status: "open"}')
  save "$invoice" "$order" # before anybody else hears of it
  answer=$(ask token "$(jq --arg merchant "$merchant" --arg callback_url "${shop%/}/callback" \
    '{$merchant, amount, $callback_url, invoice_id}' <<<"$order")")
  if [ -z "$answer" ]; then
    echo 'درگاه پرداخت پاسخ نداد. کمی بعد دوباره تلاش کنید.' >&2
    return 1
  fi
  if ! jq -e .status <<<"$answer" >/dev/null; then
    jq -r '"\(.code) \(.error): \(.message) \(.description)"' <<<"$answer" >&2
    return 1
  fi
  save "$invoice" "$(jq --argjson answer "$answer" '.token = $answer.data.token' <<<"$order")"
  jq -r .data.url <<<"$answer"
}

field() { # NAME: of the form in $fields, decoded
  local pair value
  IFS='&' read -ra pairs <<<"$fields"
  for pair in "${pairs[@]}"; do
    if [ "${pair%%=*}" = "$1" ]; then
      value=${pair#*=}
      value=${value//+/ }
      value=${value//\\/\\\\}
      printf '%b' "${value//%/\\x}"
      return
    fi
  done
}

# What the browser brings is a hint that anybody can send. It is compared, then the gateway is asked.
callback() {
  fields=$1
  local invoice order
  invoice=$(field invoice_id)
  if ! known "$invoice"; then echo 'سفارشی با این مشخصات پیدا نشد.' >&2; return 3; fi
  order=$(<"$data/orders/$invoice")
  if [ -z "$(field token)" ] || [ "$(field token)" != "$(jq -r .token <<<"$order")" ] || [ "$(field amount)" != "$(jq -r .amount <<<"$order")" ]; then
    echo 'سفارشی با این مشخصات پیدا نشد.' >&2
    return 3
  fi
  settle "$invoice" # also after success=0: only the gateway knows whether the payer cancelled
}

case ${1:-} in
  pay) pay ;;
  callback) callback "${2:?FIELDS}" ;;
  status) known "${2:?INVOICE}" && settle "$2" ;;
  settle) for file in "$data"/orders/*; do ! known "${file##*/}" || echo "${file##*/} $(settle "${file##*/}")"; done ;;
  *) grep '^#' "$0"; exit 2 ;;
esac
