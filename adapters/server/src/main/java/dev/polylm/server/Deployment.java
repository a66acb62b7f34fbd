package dev.polylm.server;

import dev.polylm.jakarta.openai.ApiException;
import io.undertow.server.HttpHandler;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ServletStackTraces;
import io.undertow.util.Headers;
import jakarta.servlet.ServletException;
import org.jboss.resteasy.cdi.CdiInjectorFactory;
import org.jboss.resteasy.core.ResteasyDeploymentImpl;
import org.jboss.resteasy.plugins.server.servlet.HttpServlet30Dispatcher;
import org.jboss.resteasy.spi.ResteasyDeployment;
import org.jboss.weld.environment.se.WeldContainer;

/** The application as Undertow's servlet container sees it. */
final class Deployment {
  private Deployment() {}

  /** Returns what answers requests: the application's resources, whose beans a container has. */
  static HttpHandler handler(WeldContainer container) {
    ResteasyDeployment resteasy = new ResteasyDeploymentImpl();
    resteasy.setApplication(new ServedApplication());
    resteasy.setInjectorFactory(new CdiInjectorFactory(container.getBeanManager()));
    DeploymentInfo info =
        new DeploymentInfo()
            .setDeploymentName("polylm")
            .setContextPath("/")
            .setClassLoader(Deployment.class.getClassLoader())
            .addServletContextAttribute(ResteasyDeployment.class.getName(), resteasy)
            .addInnerHandlerChainWrapper(ClientWatch::new)
            .addInnerHandlerChainWrapper(UnreadBody::new)
            .addServlet(
                Servlets.servlet("api", HttpServlet30Dispatcher.class)
                    .setAsyncSupported(true)
                    .setLoadOnStartup(1)
                    .addMapping("/*"))
            .addServlet(
                Servlets.servlet("failure", FailureServlet.class).addMapping(FailureServlet.PATH))
            .setServletStackTraces(ServletStackTraces.NONE)
            .addErrorPage(Servlets.errorPage(FailureServlet.PATH, 400))
            .addErrorPage(Servlets.errorPage(FailureServlet.PATH, 500));
    DeploymentManager manager = Servlets.newContainer().addDeployment(info);
    manager.deploy();
    try {
      return pathsOnly(manager.start());
    } catch (ServletException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Refuses targets that are no path, such as that of {@code OPTIONS *}: servlets know none. Leaves
   * out cookies, which other servers of the same host have set and Undertow may not be able to
   * read.
   */
  private static HttpHandler pathsOnly(HttpHandler next) {
    return exchange -> {
      if (exchange.getRequestPath().startsWith("/")) {
        exchange.getRequestHeaders().remove(Headers.COOKIE);
        next.handleRequest(exchange);
      } else {
        Refusals.send(
            exchange, ApiException.badRequest(null, "The target of a request must be a path."));
      }
    };
  }
}
