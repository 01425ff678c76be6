//! What is asked when parcels leave, and how the answers are read.

use std::collections::BTreeMap;

use maud::{Markup, html};
use serde::Deserialize;
use takt_kernel::{Fault, FieldFault, Result, money::Quantity};
use takt_orders::LineId;
use takt_ui::{FormErrors, Words, details, field};

use crate::{Dispatch, Edit, Shipment, Via, carriers::Carrier, picking::Pick};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    pub shipment: String,
    /// `carrier` or `carrier.service`; empty when our own people bring it.
    pub via: String,
    pub tracking: String,
    pub places: String,
    /// In kilograms.
    pub weight: String,
    pub back: String,
    /// `line.<id>`: how much of it leaves.
    #[serde(flatten)]
    pub lines: BTreeMap<String, String>,
}

impl Given {
    pub fn of(shipment: &Shipment) -> Self {
        let weight = shipment.weight_grams.map(|grams| Quantity::from_thousandths(grams).to_string());
        Self {
            shipment: shipment.id.to_string(),
            via: via_code(shipment.via),
            tracking: shipment.tracking.clone().unwrap_or_default(),
            places: shipment.places.to_string(),
            weight: weight.unwrap_or_default(),
            ..Self::default()
        }
    }

    pub fn dispatch(&self) -> Result<Dispatch> {
        let shipment = match self.shipment.as_str() {
            "" => None,
            id => Some(id.parse()?),
        };
        Ok(Dispatch {
            shipment,
            via: read_via(&self.via)?,
            tracking: Some(self.tracking.clone()),
            places: self.places()?,
            weight_grams: self.weight_grams()?,
            lines: self.lines()?,
        })
    }

    pub fn edit(&self) -> Result<Edit> {
        Ok(Edit {
            via: read_via(&self.via)?,
            tracking: Some(self.tracking.clone()),
            places: self.places()?.unwrap_or(1),
            weight_grams: self.weight_grams()?,
        })
    }

    fn places(&self) -> Result<Option<i64>> {
        match self.places.trim() {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| Fault::field("places", "shipments.places_malformed")),
        }
    }

    fn weight_grams(&self) -> Result<Option<i64>> {
        match self.weight.trim() {
            "" => Ok(None),
            text => quantity("weight", text).map(|kilograms| Some(kilograms.thousandths())),
        }
    }

    fn lines(&self) -> Result<Vec<(LineId, Quantity)>> {
        let mut lines = Vec::new();
        for (name, text) in &self.lines {
            let Some(id) = name.strip_prefix("line.") else { continue };
            if !text.trim().is_empty() {
                lines.push((id.parse()?, quantity(name, text)?));
            }
        }
        Ok(lines)
    }
}

pub(super) fn quantity(name: &str, text: &str) -> Result<Quantity> {
    Quantity::parse(text.trim()).map_err(|fault| {
        Fault::from_fields(vec![FieldFault {
            path: name.to_owned(),
            code: fault.code().to_owned().into(),
            args: fault.args().to_vec(),
        }])
    })
}

fn via_code(via: Via) -> String {
    match (via.carrier, via.service) {
        (Some(carrier), Some(service)) => format!("{carrier}.{service}"),
        (Some(carrier), None) => carrier.to_string(),
        (None, _) => String::new(),
    }
}

fn read_via(code: &str) -> Result<Via> {
    let wrong = |_| Fault::field("via", "shipments.via_malformed");
    let (carrier, service) =
        code.split_once('.').map_or((code, None), |(carrier, service)| (carrier, Some(service)));
    if carrier.is_empty() {
        return Ok(Via::default());
    }
    let carrier = Some(carrier.parse().map_err(wrong)?);
    Ok(Via { carrier, service: service.map(str::parse).transpose().map_err(wrong)? })
}

/// Carriers with their services, and "our own".
fn ways(w: &Words, carriers: &[Carrier]) -> Vec<(String, String)> {
    let mut ways = vec![(String::new(), w.t("shipments-own-delivery"))];
    for carrier in carriers.iter().filter(|carrier| !carrier.archived) {
        ways.push((carrier.id.to_string(), carrier.name.clone()));
        for service in carrier.services.iter().filter(|service| !service.archived) {
            ways.push((
                format!("{}.{}", carrier.id, service.id),
                format!("{} · {}", carrier.name, service.name),
            ));
        }
    }
    ways
}

pub(super) fn fields(w: &Words, carriers: &[Carrier], given: &Given, errors: &FormErrors) -> Markup {
    let places = if given.places.is_empty() { "1" } else { &given.places };
    html! {
        input type="hidden" name="back" value=(given.back);
        input type="hidden" name="shipment" value=(given.shipment);
        (field(w.t("shipments-carrier"), "via").select(ways(w, carriers)).value(&given.via).errors(errors))
        (field(w.t("shipments-tracking"), "tracking").value(&given.tracking).autocomplete("off").errors(errors))
        (field(w.t("shipments-places"), "places").number().value(places).attribute("min", "1").half().errors(errors))
        (field(w.t("shipments-weight"), "weight").decimal().value(&given.weight).half().errors(errors))
    }
}

/// What of each line leaves, for a part of an order.
pub(super) fn line_fields(w: &Words, picks: &[Pick], given: &Given, errors: &FormErrors) -> Markup {
    let open = given.lines.values().any(|text| !text.trim().is_empty());
    let fields = html! {
        p.muted { (w.t("shipments-part-hint")) }
        @for pick in picks {
            @let name = format!("line.{}", pick.line.id);
            (field(&pick.line.name, &name).decimal().errors(errors)
                .value(given.lines.get(&name).cloned().unwrap_or_default())
                .hint(w.ta("shipments-left-of", &[("quantity", w.quantity(pick.quantity).into())])))
        }
    };
    details(w.t("shipments-part"), open, fields)
}
