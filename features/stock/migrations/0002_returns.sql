-- What left with an order, came back and was written off, found from the order.
create index stock_movement_by_order on stock_movement (company_id, order_id, id);
