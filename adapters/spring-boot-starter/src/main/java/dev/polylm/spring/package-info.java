/**
 * PolyLM's models as beans of a Spring Boot application. {@link
 * dev.polylm.spring.PolyLmAutoConfiguration} says which, and {@link
 * dev.polylm.spring.PolyLmProperties} how to configure them.
 */
@NullMarked
package dev.polylm.spring;

import org.jspecify.annotations.NullMarked;
