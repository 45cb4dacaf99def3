/* Shows the schema document that the page names. */
const place = document.getElementById("interface");
SwaggerUIBundle({ url: place.dataset.schema, dom_id: "#interface", deepLinking: true, validatorUrl: null });
