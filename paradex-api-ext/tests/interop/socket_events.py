"""What events of an account's channels must say: the same as REST, but for what an encoding lacks."""

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from paradex_py.api import sbe
from paradex_py.api.generated import responses
from paradex_py.api.sbe import codec
from paradex_py.api.ws_client import ParadexWebsocketChannel as Channel
from paradex_py.api.ws_message_models import BalanceEventResponse

#: Every channel of accounts that paradex-py knows.
PRIVATE = [
    Channel.ORDERS,
    Channel.FILLS,
    Channel.POSITIONS,
    Channel.ACCOUNT,
    Channel.BALANCE_EVENTS,
    Channel.FUNDING_PAYMENTS,
    Channel.TRADEBUSTS,
    Channel.TRANSACTIONS,
    Channel.TRANSFERS,
    Channel.BLOCK_TRADES,
    Channel.MMP,
]

#: The last decimal place of numbers in SBE.
UNIT = Decimal("0.00000001")


@dataclass
class Form:
    """How events of a channel are read, and how they differ from REST."""

    json_model: type | None
    sbe_model: type | None = None
    #: Names of SBE that are other ones in JSON.
    names: dict = field(default_factory=dict)
    #: Fields of SBE that JSON does not have.
    only_sbe: tuple = ()
    #: Fields of JSON that SBE does not have.
    only_json: tuple = ()
    #: Fields that SBE has from version 2 on.
    since_version_two: tuple = ()


FORMS = {
    Channel.ORDERS: Form(
        responses.OrderResp,
        codec.OrderEventData,
        names={
            "order_id": "id",
            "client_order_id": "client_id",
            "order_type": "type",
            "time_in_force": "instruction",
            "size_open": "remaining_size",
            "updated_at": "last_updated_at",
        },
        # The time of the signature. SBE has the time of the event under this name.
        only_json=("timestamp",),
    ),
    Channel.FILLS: Form(
        responses.FillResult,
        codec.FillEventData,
        names={"fill_id": "id", "client_order_id": "client_id"},
        only_sbe=("trade_id",),
        only_json=("remaining_size",),
        since_version_two=("flags", "orderbook_seq_no", "fee_currency"),
    ),
    Channel.POSITIONS: Form(
        responses.PositionResp,
        codec.PositionEventData,
        names={
            "avg_entry_price": "average_entry_price",
            "avg_entry_price_usd": "average_entry_price_usd",
            "realized_pnl": "realized_positional_pnl",
            "updated_at": "last_updated_at",
        },
        only_sbe=("mark_price",),
        only_json=("id", "created_at", "closed_at", "average_exit_price", "realized_positional_funding_pnl"),
    ),
    Channel.ACCOUNT: Form(
        responses.AccountSummaryResponse,
        codec.AccountEventData,
        names={
            "initial_margin_req": "initial_margin_requirement",
            "maintenance_margin_req": "maintenance_margin_requirement",
        },
        only_sbe=("unrealized_pnl", "last_seen_notification"),
    ),
    Channel.BALANCE_EVENTS: Form(BalanceEventResponse),
    Channel.FUNDING_PAYMENTS: Form(responses.FundingPayment),
}


def decode(data):
    """Decodes a frame as paradex-py does, and keeps what it would only log."""
    try:
        return original_decode(data)
    except Exception as error:
        failed.append((error, data.hex()))
        raise


original_decode = sbe.decode_frame
sbe.decode_frame = decode
failed = []


def is_binary(channel, event):
    """Whether an event came in SBE: only there do orders have `order_id` and positions have `mark_price`."""
    model = FORMS[channel].sbe_model
    return model is not None and set(event) == set(model.model_fields)


def check_form(channel, event, binary):
    """Fails unless an event has exactly the fields of paradex-py's model."""
    form = FORMS[channel]
    expected = binary and form.sbe_model is not None
    assert is_binary(channel, event) == expected, (channel, event)
    if not expected:
        model = form.json_model.model_validate(event)
        # The settlement asset of a balance event is in the document, and not in the model.
        unknown = {name for name in model.model_extra if not name.startswith("settlement_asset_")}
        assert not unknown, (channel, unknown)


def check_equal(channel, event, rest, version):
    """Fails unless an event has the values of REST. Sequence numbers are different ones by design."""
    form, binary = FORMS[channel], is_binary(channel, event)
    event, rest = dict(event), dict(rest)
    for values in (event, rest):
        values.pop("seq_no", None)
        values.pop("request_info", None)
    if not binary:
        assert event == rest, f"{channel}\n{event}\n{rest}"
        return
    event.pop("timestamp")
    for name in form.only_sbe:
        event.pop(name)
    for name in form.only_json:
        rest.pop(name)
    if version < 2:
        for name in form.since_version_two:
            assert event.pop(name) is None, (channel, name)
            rest.pop(name)
    event = {form.names.get(name, name): value for name, value in event.items()}
    assert event.keys() == rest.keys(), (channel, event.keys() ^ rest.keys())
    different = {name: (event[name], rest[name]) for name in event if not is_same(name, event[name], rest[name])}
    assert not different, (channel, different)


def is_same(name, one, other):
    """Whether a value of SBE means the same as that of JSON. It has null where JSON has 0 or an empty text."""
    if name == "account":
        return int(one, 16) == int(other, 16)
    if name == "flags":
        return sorted(one) == sorted(flag.upper() for flag in other)
    if one == other:
        return True
    one, other = number(one), number(other)
    return one is not None and other is not None and abs(one - other) < UNIT


def number(value):
    try:
        return Decimal(value or 0)
    except InvalidOperation:
        return None
