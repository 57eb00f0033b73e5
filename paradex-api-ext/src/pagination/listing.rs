//! The elements of a list that the exchange returns in one response.

use paradex_api::wire::{Undecoded, Wire};
use paradex_api::{Operation, RawResponse, Response, operations, types};
use serde_json::Value;

use crate::error::{DecodeError, Error};

/// A list without pages.
pub(crate) trait Listing {
    type Item: Wire;

    const OPERATION: &'static Operation;

    fn take_results(&mut self) -> Vec<Self::Item>;

    fn undecoded(&self) -> &Undecoded;
}

/// The operations that return such lists. Each has a type of its own.
macro_rules! listings {
    ($($list:ident: $operation:ident, [$item:ident];)*) => {$(
        impl Listing for types::$list {
            type Item = types::$item;

            const OPERATION: &'static Operation = &operations::$operation;

            fn take_results(&mut self) -> Vec<types::$item> {
                std::mem::take(&mut self.results)
            }

            fn undecoded(&self) -> &Undecoded {
                types::$list::undecoded(self)
            }
        }
    )*};
}

listings! {
    AlgoOrderList: LIST_OPEN_ALGO_ORDERS, [AlgoOrder];
    ApiTokenList: LIST_TOKENS, [ApiToken];
    OrderList: LIST_OPEN_ORDERS, [Order];
    SubkeyList: LIST_SUBKEYS, [Subkey];
}

/// Reads the elements of a list.
///
/// A response without a list, or with one that cannot be read, is an error and not an empty list.
pub(crate) fn elements<L: Listing>(response: Response<L>) -> Result<Vec<L::Item>, Error> {
    elements_and_raw(response).map(|(elements, _)| elements)
}

/// As [`elements`], with the response as it came.
pub(crate) fn elements_and_raw<L: Listing>(
    response: Response<L>,
) -> Result<(Vec<L::Item>, RawResponse), Error> {
    let (mut list, raw) = response.into_parts();
    let results = list.take_results();
    let elements = elements_of(L::OPERATION, results, list.undecoded(), raw.clone())?;
    Ok((elements, raw))
}

/// Reads the elements of one response; of a paged list, those of one page.
///
/// If one element is not as documented, the raw crate keeps the whole list undecoded. Here the other elements are
/// decoded, and that one becomes a blank value: leaving it out would hide it.
pub(super) fn elements_of<T: Wire>(
    operation: &'static Operation,
    results: Vec<T>,
    undecoded: &Undecoded,
    raw: RawResponse,
) -> Result<Vec<T>, Error> {
    if !results.is_empty() {
        return Ok(results);
    }
    let Some(Value::Array(kept)) = undecoded.get("results") else {
        return Err(DecodeError::content(operation, raw, "it holds no list").into());
    };
    raw.decode_elements(kept).map_err(|_| {
        let what = "decoding its list takes more memory than the response limits allow";
        DecodeError::content(operation, raw, what).into()
    })
}
