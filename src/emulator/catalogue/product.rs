//! Products.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::price::{self, Price};
use crate::emulator::error::ApiError;
use crate::emulator::expand::Expand;
use crate::emulator::form::Table;
use crate::emulator::list::Page;
use crate::emulator::metadata::{self, Entries, Metadata};
use crate::emulator::parameter::WebAddress;
use crate::emulator::params::{self, Edit, Params, set};
use crate::emulator::resource::{self, Resource, write};
use crate::emulator::state::{Call, object};
use crate::emulator::vocabulary::ProductType;

/// Parameters of Stripe's that have nothing to do with the portal.
const NOT_EMULATED: &[&str] =
    &["default_price_data", "marketing_features", "package_dimensions", "tax_details"];

object!(Product, "product", "prod", products);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::emulator) struct Product {
    pub(in crate::emulator) id: String,
    pub(in crate::emulator) active: bool,
    pub(in crate::emulator) created: i64,
    default_price: Option<String>,
    description: Option<String>,
    images: Vec<String>,
    metadata: Metadata,
    pub(in crate::emulator) name: String,
    shippable: Option<bool>,
    statement_descriptor: Option<String>,
    tax_code: Option<String>,
    #[serde(rename = "type")]
    kind: ProductType,
    unit_label: Option<String>,
    updated: i64,
    url: Option<String>,
}

impl Resource for Product {
    const URL: &'static str = "/v1/products";
    const EXPANDABLE: &'static [&'static str] = &["default_price"];

    fn json(&self, call: &Call<'_>, expand: &Expand) -> Value {
        let Self {
            id,
            active,
            created,
            default_price,
            description,
            images,
            metadata,
            name,
            shippable,
            statement_descriptor,
            tax_code,
            kind,
            unit_label,
            updated,
            url,
        } = self;
        let price = default_price
            .as_ref()
            .filter(|_| expand.wants("default_price"))
            .and_then(|id| call.side().find::<Price>(id));
        json!({
            "id": id,
            "object": "product",
            "active": active,
            "created": created,
            "default_price": match price {
                Some(price) => price.json(call, &Expand::default()),
                None => json!(default_price),
            },
            "description": description,
            "images": images,
            "livemode": call.livemode(),
            "marketing_features": [],
            "metadata": metadata,
            "name": name,
            "package_dimensions": null,
            "shippable": shippable,
            "statement_descriptor": statement_descriptor,
            "tax_code": tax_code,
            "tax_details": null,
            "type": kind,
            "unit_label": unit_label,
            "updated": updated,
            "url": url,
        })
    }
}

/// What create and update have in common.
struct Changes {
    active: Option<bool>,
    description: Edit<String>,
    images: Edit<Vec<String>>,
    metadata: Edit<Entries>,
    name: Option<String>,
    shippable: Option<bool>,
    statement_descriptor: Edit<String>,
    tax_code: Edit<String>,
    unit_label: Edit<String>,
    url: Edit<WebAddress>,
}

impl Changes {
    fn read(params: &mut Params<'_>) -> Self {
        params.not_emulated(NOT_EMULATED);
        Self {
            active: params.get("active"),
            description: params.edit("description"),
            images: params.edit("images"),
            metadata: metadata::edit(params),
            name: params.get("name"),
            shippable: params.get("shippable"),
            statement_descriptor: params.edit("statement_descriptor"),
            tax_code: params.edit("tax_code"),
            unit_label: params.edit("unit_label"),
            url: params.edit("url"),
        }
    }

    fn apply(self, product: &mut Product) -> Result<(), ApiError> {
        set(self.active, &mut product.active);
        self.description.apply(&mut product.description);
        self.images.apply(&mut product.images);
        metadata::apply(self.metadata, &mut product.metadata)?;
        set(self.name, &mut product.name);
        Edit::from(self.shippable).apply(&mut product.shippable);
        self.statement_descriptor.apply(&mut product.statement_descriptor);
        self.tax_code.apply(&mut product.tax_code);
        self.unit_label.apply(&mut product.unit_label);
        self.url.map(|WebAddress(url)| url).apply(&mut product.url);
        Ok(())
    }
}

pub(in crate::emulator) fn create(call: &mut Call<'_>, fields: Table) -> Result<Value, ApiError> {
    write(call, fields, New::read, |call, new| new.add(call))
}

/// Adds a product as a create does, outside of any request.
pub(in crate::emulator) fn make(call: &mut Call<'_>, fields: Table) -> Result<Product, ApiError> {
    params::read(fields, New::read)?.add(call)
}

/// A product that is to be created.
pub(super) struct New {
    id: Option<String>,
    kind: Option<ProductType>,
    changes: Changes,
}

impl New {
    pub(super) fn read(params: &mut Params<'_>) -> Self {
        params.require(&["name"]);
        Self { id: params.get("id"), kind: params.get("type"), changes: Changes::read(params) }
    }

    pub(super) fn add(self, call: &mut Call<'_>) -> Result<Product, ApiError> {
        if let Some(id) = &self.id
            && call.side().find::<Product>(id).is_some()
        {
            return Err(ApiError::refused("Product already exists.")
                .code("resource_already_exists")
                .param("id"));
        }
        let mut product = Product {
            id: String::new(),
            active: true,
            created: call.now,
            default_price: None,
            description: None,
            images: Vec::new(),
            metadata: Metadata::default(),
            name: String::new(),
            shippable: None,
            statement_descriptor: None,
            tax_code: None,
            kind: self.kind.unwrap_or(ProductType::Service),
            unit_label: None,
            updated: call.now,
            url: None,
        };
        self.changes.apply(&mut product)?;
        product.id = self.id.unwrap_or_else(|| call.next_id::<Product>());
        call.add(product.clone());
        Ok(product)
    }
}

pub(in crate::emulator) fn update(
    call: &mut Call<'_>,
    id: &str,
    fields: Table,
) -> Result<Value, ApiError> {
    let read =
        |params: &mut Params<'_>| (Changes::read(params), params.get::<String>("default_price"));
    write(call, fields, read, |call, (changes, default_price)| {
        let mut product = call.at_path::<Product>(id)?.clone();
        changes.apply(&mut product)?;
        if let Some(default_price) = default_price {
            let price = call.at_param::<Price>(&default_price, "default_price")?;
            price::check_belongs(price, &product)?;
            product.default_price = Some(default_price);
        }
        product.updated = call.now;
        call.replace(product.clone());
        Ok(product)
    })
}

/// Which products of a list are wanted.
struct Filter {
    active: Option<bool>,
    ids: Option<Vec<String>>,
}

impl Filter {
    fn read(params: &mut Params<'_>, page: &Page) -> Self {
        params.not_emulated(&["created", "shippable", "type", "url"]);
        let filter = Self { active: params.get("active"), ids: params.get("ids") };
        if filter.ids.is_some() && page.has_cursor() {
            params.problem(
                ApiError::invalid(
                    "You cannot use `ids` together with `starting_after` or `ending_before`.",
                )
                .param("ids"),
            );
        }
        filter
    }

    fn wants(&self, product: &Product) -> bool {
        self.active.is_none_or(|active| product.active == active)
            && self.ids.as_ref().is_none_or(|ids| ids.contains(&product.id))
    }
}

pub(in crate::emulator) fn list(call: &Call<'_>, fields: Table) -> Result<Value, ApiError> {
    resource::list(call, fields, Filter::read, Filter::wants)
}
