package dev.polylm.server;

import io.undertow.server.HttpHandler;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
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
                Servlets.servlet("unreadable", UnreadableServlet.class)
                    .addMapping(UnreadableServlet.PATH))
            .addErrorPage(Servlets.errorPage(UnreadableServlet.PATH, 400));
    DeploymentManager manager = Servlets.newContainer().addDeployment(info);
    manager.deploy();
    try {
      return pathsOnly(manager.start());
    } catch (ServletException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Refuses targets that are no path, such as that of {@code OPTIONS *}: servlets know none. */
  private static HttpHandler pathsOnly(HttpHandler next) {
    return exchange -> {
      if (exchange.getRequestPath().startsWith("/")) {
        next.handleRequest(exchange);
      } else {
        exchange.setStatusCode(400).endExchange();
      }
    };
  }
}
