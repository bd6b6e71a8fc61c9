//! A wire between an instance and the cluster that can be cut: whoever speaks is not heard, and nobody hangs up. What was under way
//! arrives when it is mended, as TCP has it.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

/// A wire, and the address of its near end.
pub struct Link {
    pub address: SocketAddr,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    is_cut: Mutex<bool>,
    mended: Condvar,
}

impl State {
    fn wait_until_whole(&self) {
        drop(self.mended.wait_while(self.is_cut.lock().unwrap(), |is_cut| *is_cut).unwrap());
    }

    /// Carries what one end says to the other until one of them ends.
    fn carry(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut heard = [0; 16_384];
        while let Ok(count @ 1..) = from.read(&mut heard) {
            self.wait_until_whole();
            if to.write_all(&heard[..count]).is_err() {
                break;
            }
        }
        self.wait_until_whole();
        to.shutdown(std::net::Shutdown::Both).ok();
    }
}

impl Link {
    pub fn to(far: SocketAddr) -> Self {
        Self::at(Ipv4Addr::LOCALHOST.into(), far)
    }

    /// The same with its near end at another address of this machine.
    pub fn at(near: IpAddr, far: SocketAddr) -> Self {
        let listener = TcpListener::bind((near, 0)).unwrap();
        let (address, state) = (listener.local_addr().unwrap(), Arc::<State>::default());
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                let state = Arc::clone(&shared);
                thread::spawn(move || {
                    state.wait_until_whole();
                    let Ok(far) = TcpStream::connect(far) else { return };
                    near.set_nodelay(true).and(far.set_nodelay(true)).unwrap();
                    let (near_too, far_too) = (near.try_clone().unwrap(), far.try_clone().unwrap());
                    let there = Arc::clone(&state);
                    thread::spawn(move || there.carry(near_too, far_too));
                    state.carry(far, near);
                });
            }
        });
        Self { address, state }
    }

    pub fn cut(&self) {
        *self.state.is_cut.lock().unwrap() = true;
    }

    pub fn mend(&self) {
        *self.state.is_cut.lock().unwrap() = false;
        self.state.mended.notify_all();
    }
}
